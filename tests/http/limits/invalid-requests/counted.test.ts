import { describe, expect, it } from 'vitest';
import { badRequests } from '../../../support/bad-requests.ts';
import { ask, type Body, codes, type PlainRequest, sendPlain } from '../../../support/client.ts';
import { describeEngines } from '../../../support/describe-engines.ts';
import { get, post } from '../../../support/requests.ts';
import { denied, invalidRequests, refused } from './invalid.ts';

const valid = '{ product(id: 1) { id } }';
const html = { accept: 'text/html' };

const credentials: readonly (readonly [title: string, request: PlainRequest])[] = [
  ['an unknown key', post({ query: valid }, { 'x-api-key': 'slk_unknown' })],
  ['a bad token', post({ query: valid }, { authorization: 'Bearer no.such.token' })],
  ['an unknown key by GET', get({ query: valid }, { 'x-api-key': 'slk_unknown' })],
  ['a media type that there is not', post({ query: valid }, { accept: 'image/png' })],
];

const ofGraphQL = badRequests
  .filter(({ code }) => code !== 'NOT_FOUND')
  .map(({ title, request }) => [title, request] as const);

const uncounted: readonly (readonly [title: string, request: PlainRequest])[] = [
  ['unknown paths', { method: 'GET', path: '/elsewhere' }],
  [
    'preflight requests',
    { method: 'OPTIONS', headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' } },
  ],
  ['probes of life', { method: 'GET', path: '/health' }],
  ['probes of readiness', { method: 'GET', path: '/ready' }],
  ['the GraphiQL page', { method: 'GET', headers: html }],
  ['the GraphiQL page with a bad query', get({ query: '{' }, html)],
  ['operations', post({ query: '{ __typename }' })],
  ['operations with errors of resolvers', post({ query: '{ product(id: 99) { id } }' })],
  ['operations that are forbidden', post({ query: 'mutation { deleteProduct(id: 1) }' })],
];

describeEngines((start) => {
  const startWithOne = () => start({ env: { INVALID_REQUEST_LIMIT: '1 per minute' } });

  describe('the limit of invalid requests', () => {
    it.each([...ofGraphQL, ...credentials])('counts %s', async (_title, request) => {
      const { url } = await startWithOne();
      const first = JSON.parse((await sendPlain(url, request)).text) as Body;
      expect(codes(first)).not.toEqual([denied]);
      const { status, headers, text } = await sendPlain(url, request);
      expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 429, retryAfter: '60' });
      expect(headers['ratelimit-policy']).toBe('"sluice.invalid";q=1;w=60');
      expect(headers['ratelimit']).toBe('"sluice.invalid";r=0;t=60');
      expect(JSON.parse(text)).toEqual({
        errors: [
          {
            message: 'Too many requests. Please try again in 60 seconds.',
            extensions: {
              code: denied,
              policy: 'sluice.invalid',
              limit: 1,
              window: 60,
              cost: 1,
              remaining: 0,
              retryAfter: 60,
              resetAt: '2026-01-01T00:01:00.000Z',
            },
          },
        ],
      });
    });

    it.each(uncounted)('does not count %s', async (_title, request) => {
      const { url } = await startWithOne();
      for (let count = 0; count < 3; count += 1) expect((await sendPlain(url, request)).status).not.toBe(429);
      expect(await invalidRequests(url, 2)).toEqual([refused, denied]);
    });

    it('does not count operations that field limits reject', async () => {
      const { url } = await startWithOne();
      for (let count = 0; count < 8; count += 1) await ask(url, '{ products { id } }');
      expect((await ask(url, '{ products { id } }')).status).toBe(429);
      expect(await invalidRequests(url, 2)).toEqual([refused, denied]);
    });
  });
});
