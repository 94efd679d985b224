import fc from 'fast-check';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokens } from '../../src/caller/token.ts';

// Long enough for every HMAC, so that only the pinned algorithm tells them apart.
const secret = 'correct-horse-battery-staple-1234'.repeat(2);
const start = Date.UTC(2030, 0, 1);
const now = start / 1000;

/** Tokens whose clock can be turned. */
function createTest() {
  const clock = {
    time: start,
    now() {
      return this.time;
    },
  };
  return { clock, tokens: createTokens({ secret, lifetime: 60, clock }) };
}

/** Verifies a token as a process does that has not seen it before. */
async function verifyAnew(token: string, time: number): Promise<string> {
  return createTokens({ secret, lifetime: 60, clock: { now: () => time } }).verify(token);
}

/** A token that is good but for what is overridden. */
async function forge(claims: Record<string, unknown>, { alg = 'HS256', key = secret } = {}): Promise<string> {
  const payload = { sub: '1', iss: 'sluice', aud: 'sluice', iat: now, exp: now + 60, ...claims };
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
}

const notValid = {
  message: 'The token is not valid. Sign in again.',
  extensions: { code: 'UNAUTHENTICATED' },
};
const expired = {
  message: 'The token has expired. Sign in again.',
  extensions: { code: 'UNAUTHENTICATED' },
};

describe('a token', () => {
  it('tells whom it was issued to', async () => {
    const { tokens } = createTest();
    const { token } = await tokens.issue('42');
    await expect(tokens.verify(token)).resolves.toBe('42');
  });

  it('is good until it expires and no longer', async () => {
    const { clock, tokens } = createTest();
    const { token, expiresAt } = await tokens.issue('42');
    expect(expiresAt).toEqual(new Date(start + 60_000));
    clock.time = expiresAt.getTime() - 1;
    await expect(tokens.verify(token)).resolves.toBe('42');
    clock.time = expiresAt.getTime();
    expect(() => tokens.verify(token)).toThrow(expect.objectContaining(expired));
    await expect(verifyAnew(token, clock.time)).rejects.toMatchObject(expired);
  });

  it('is verified once: who knows it to be good need not wait again', async () => {
    const { clock, tokens } = createTest();
    const { token } = await tokens.issue('42');
    const other = await tokens.issue('43');
    await tokens.verify(token);
    clock.time += 59_000;
    expect(tokens.verify(token)).toBe('42');
    await expect(tokens.verify(other.token)).resolves.toBe('43');
  });

  it('that is no good is never known, however often it is sent', async () => {
    const { tokens } = createTest();
    const forged = await forge({}, { key: 'another-secret-of-enough-characters' });
    for (let count = 0; count < 3; count += 1)
      await expect(tokens.verify(forged)).rejects.toMatchObject(notValid);
  });

  it('is good in another process with the same secret', async () => {
    const { token } = await createTest().tokens.issue('42');
    await expect(createTest().tokens.verify(token)).resolves.toBe('42');
  });

  it('made elsewhere is good if it is just as ours', async () => {
    await expect(createTest().tokens.verify(await forge({}))).resolves.toBe('1');
  });

  it.each<[string, Record<string, unknown>]>([
    ['from another issuer', { iss: 'other' }],
    ['for another audience', { aud: 'other' }],
    ['without a user', { sub: undefined }],
    ['with an empty user', { sub: '' }],
    ['with a user that is no text', { sub: 1 }],
    ['that never expires', { exp: undefined }],
    ['without a time of issue', { iat: undefined }],
    ['that is not good yet', { nbf: now + 1 }],
    ['from another issuer that has expired', { iss: 'other', exp: now - 1 }],
  ])('%s is not valid', async (_case, claims) => {
    await expect(createTest().tokens.verify(await forge(claims))).rejects.toMatchObject(notValid);
  });

  it('signed with another secret is not valid, expired or not', async () => {
    const { tokens } = createTest();
    const key = 'another-secret-of-enough-characters';
    await expect(tokens.verify(await forge({}, { key }))).rejects.toMatchObject(notValid);
    await expect(tokens.verify(await forge({ exp: now - 1 }, { key }))).rejects.toMatchObject(notValid);
  });

  it('signed with another algorithm is not valid', async () => {
    await expect(createTest().tokens.verify(await forge({}, { alg: 'HS512' }))).rejects.toMatchObject(
      notValid,
    );
  });

  it('without a signature is not valid', async () => {
    const claims = { sub: '1', iss: 'sluice', aud: 'sluice', iat: now, exp: now + 60 };
    await expect(createTest().tokens.verify(new UnsecuredJWT(claims).encode())).rejects.toMatchObject(
      notValid,
    );
  });

  it('that was changed anywhere is not valid', async () => {
    const { tokens } = createTest();
    const { token } = await tokens.issue('42');
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 2), fc.constantFrom('A', 'b', '.', '-'), async (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        fc.pre(changed !== token);
        await expect(tokens.verify(changed)).rejects.toMatchObject(notValid);
      }),
    );
  });

  it('that is any other text is not valid', async () => {
    const { tokens } = createTest();
    const part = fc.oneof(
      fc.string(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
      fc
        .record({ alg: fc.constantFrom('HS256', 'none', 'RS256', 'PBES2-HS256+A128KW'), crit: fc.anything() })
        .map((header) => Buffer.from(JSON.stringify(header)).toString('base64url')),
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(part, { minLength: 3, maxLength: 5 }).map((p) => p.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (token) => {
        await expect(tokens.verify(token)).rejects.toMatchObject(notValid);
      }),
    );
  });
});
