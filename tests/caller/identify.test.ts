import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { hashApiKey } from '../../src/caller/api-key.ts';
import { createClientAddress } from '../../src/caller/client-address.ts';
import { type CallerRequest } from '../../src/caller/client-address.ts';
import { createIdentify, type KnownApiKey } from '../../src/caller/identify.ts';
import { unauthenticated } from '../../src/errors.ts';

const keys = new Map<string, KnownApiKey>([
  [hashApiKey('slk_paid'), { id: 7, tiers: ['PAID', 'ADMIN'] }],
  [hashApiKey('slk_plain'), { id: 8, tiers: [] }],
  [hashApiKey('slk_user'), { id: 9, tiers: ['USER', 'PAID'] }],
]);

function createTest() {
  const findApiKey = vi.fn((hash: string) => Promise.resolve(keys.get(hash)));
  const verifyToken = vi.fn((token: string) =>
    token === 'good.token'
      ? Promise.resolve('42')
      : Promise.reject(unauthenticated('The token has expired. Sign in again.')),
  );
  const clientAddress = createClientAddress({ hops: 1 });
  const identify = createIdentify({ clientAddress, findApiKey, verifyToken });
  const withHeaders = (headers: CallerRequest['headers']) =>
    identify({ socket: { remoteAddress: '10.0.0.1' }, headers });
  /** A promise also where it throws. */
  const refusal = async (headers: CallerRequest['headers']) => withHeaders(headers);
  return { findApiKey, verifyToken, identify, withHeaders, refusal };
}

const ip = '10.0.0.1';
const token = 'Bearer good.token';

describe('a caller', () => {
  it('without key and token is anonymous, at once and without a look-up', () => {
    const { withHeaders, findApiKey, verifyToken } = createTest();
    expect(withHeaders({})).toEqual({ ip, tiers: ['ANONYMOUS'] });
    expect(findApiKey).not.toHaveBeenCalled();
    expect(verifyToken).not.toHaveBeenCalled();
  });

  it('is found with the headers of a node:http request', () => {
    const headers: IncomingHttpHeaders = { 'x-forwarded-for': '203.0.113.7', host: 'api.example' };
    expect(createTest().identify({ socket: { remoteAddress: ip }, headers })).toEqual({
      ip: '203.0.113.7',
      tiers: ['ANONYMOUS'],
    });
  });

  it('is found where X-Forwarded-For was sent more than once', () => {
    expect(createTest().withHeaders({ 'x-forwarded-for': ['198.51.100.1', '203.0.113.7'] })).toEqual({
      ip: '203.0.113.7',
      tiers: ['ANONYMOUS'],
    });
  });

  it('with a key has its id and tiers', async () => {
    const caller = await createTest().withHeaders({ 'x-api-key': 'slk_paid' });
    expect(caller).toEqual({ ip, apiKeyId: '7', tiers: ['PAID', 'ADMIN'] });
  });

  it('with a key without tiers counts as anonymous', async () => {
    const caller = await createTest().withHeaders({ 'x-api-key': 'slk_plain' });
    expect(caller).toEqual({ ip, apiKeyId: '8', tiers: ['ANONYMOUS'] });
  });

  it.each([token, 'bearer good.token', 'BEARER  good.token '])(
    'with the token in %j is a user',
    async (value) => {
      const caller = await createTest().withHeaders({ authorization: value });
      expect(caller).toEqual({ ip, userId: '42', tiers: ['USER'] });
    },
  );

  it.each([
    ['slk_paid', '7', ['PAID', 'ADMIN', 'USER']],
    ['slk_plain', '8', ['USER']],
    ['slk_user', '9', ['USER', 'PAID']],
  ])('with the key %s and a token has the tiers of both, once each', async (key, apiKeyId, tiers) => {
    const caller = await createTest().withHeaders({ 'x-api-key': [key], authorization: [token] });
    expect(caller).toEqual({ ip, apiKeyId, userId: '42', tiers });
  });
});

describe('a request that claims to be from somebody and cannot show it', () => {
  it.each<[string, CallerRequest['headers'], string]>([
    ['an unknown key', { 'x-api-key': 'slk_nope' }, 'The API key is not known or has been revoked.'],
    ['an empty key', { 'x-api-key': '' }, 'X-Api-Key is empty. Send an API key, or leave the header out.'],
    ['a blank key', { 'x-api-key': ' ' }, 'X-Api-Key is empty. Send an API key, or leave the header out.'],
    ['two keys', { 'x-api-key': ['slk_paid', 'slk_nope'] }, 'X-Api-Key must be sent once.'],
    ['a bad token', { authorization: 'Bearer bad.token' }, 'The token has expired. Sign in again.'],
    ['an empty header', { authorization: '' }, 'Authorization must be "Bearer <token>".'],
    ['no token', { authorization: 'Bearer' }, 'Authorization must be "Bearer <token>".'],
    ['a blank token', { authorization: 'Bearer  ' }, 'Authorization must be "Bearer <token>".'],
    ['two tokens', { authorization: 'Bearer a b' }, 'Authorization must be "Bearer <token>".'],
    [
      'a token in quotes',
      { authorization: 'Bearer "good.token"' },
      'Authorization must be "Bearer <token>".',
    ],
    ['a token alone', { authorization: 'good.token' }, 'Authorization must be "Bearer <token>".'],
    ['another scheme', { authorization: 'Basic dTpw' }, 'Authorization must be "Bearer <token>".'],
    ['the header twice', { authorization: [token, token] }, 'Authorization must be "Bearer <token>".'],
    [
      'a good token and an unknown key',
      { authorization: token, 'x-api-key': 'slk_nope' },
      'The API key is not known or has been revoked.',
    ],
    [
      'a good key and a bad token',
      { authorization: 'Bearer bad.token', 'x-api-key': 'slk_paid' },
      'The token has expired. Sign in again.',
    ],
  ])('with %s is refused and told what to do', async (_case, headers, message) => {
    await expect(createTest().refusal(headers)).rejects.toMatchObject({
      message,
      extensions: { code: 'UNAUTHENTICATED' },
    });
  });

  it.each([
    { 'x-api-key': 'slk_nope' },
    { authorization: 'Basic slk_nope' },
    { authorization: 'Bearer slk nope' },
  ])('is refused without showing what it sent: %j', async (headers) => {
    await expect(createTest().refusal(headers)).rejects.not.toMatchObject({
      message: expect.stringMatching(/slk|nope/) as string,
    });
  });

  it('does not cost a look-up when its token is bad', async () => {
    const { refusal, findApiKey } = createTest();
    await expect(refusal({ 'x-api-key': 'slk_paid', authorization: 'Bearer bad.token' })).rejects.toThrow();
    expect(findApiKey).not.toHaveBeenCalled();
  });
});

describe('when keys cannot be looked up', () => {
  it('the error is passed on as it is', async () => {
    const { refusal, findApiKey } = createTest();
    const down = new Error('database is down');
    findApiKey.mockRejectedValueOnce(down);
    await expect(refusal({ 'x-api-key': 'slk_paid' })).rejects.toBe(down);
  });
});
