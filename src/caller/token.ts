import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { unauthenticated } from '../errors.ts';
import type { Clock } from '../util/clock.ts';

export interface TokenOptions {
  /** At least 32 characters, the same in every process. */
  readonly secret: string;
  /** How long a token is good for, in seconds. */
  readonly lifetime: number;
  readonly clock: Clock;
}

interface IssuedToken {
  readonly token: string;
  readonly expiresAt: Date;
}

/**
 * The tokens of signed-in users.
 *
 * @example
 * ```ts
 * import type { Tokens } from 'sluice';
 *
 * // What a sign-in answers with, once the password has been found good.
 * export async function session(userId: string, tokens: Tokens) {
 *   const { token, expiresAt } = await tokens.issue(userId);
 *   return { token, expiresAt: expiresAt.toISOString() };
 * }
 * ```
 */
export interface Tokens {
  /** A token that says its bearer is this user. */
  issue(userId: string): Promise<IssuedToken>;
  /**
   * The id of the user that the token was issued to; a promise unless the token was good before. Throws or rejects with
   * `UNAUTHENTICATED` if it has expired or is not valid.
   */
  verify(token: string): MaybePromise<string>;
}

/** A token whose signature has been found good. */
interface Verified {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** How many tokens are known again: to verify one takes longer than everything else that a kept answer needs. */
const mostVerified = 10_000;

// HS256 alone (RFC 8725, 3.1): a token must not choose how it is verified.
const algorithm = 'HS256';
const party = 'sluice';

/** Issues and verifies the tokens of signed-in users: JSON Web Tokens (RFC 7519), signed with HMAC-SHA-256. */
export function createTokens({ secret, lifetime, clock }: TokenOptions): Tokens {
  const key = createSecretKey(secret, 'utf8');
  const verified = new LRUCache<string, Verified>({ max: mostVerified });

  async function verifyNew(token: string, digest: string): Promise<string> {
    const { sub, exp = 0 } = await readClaims(token, key, new Date(clock.now()));
    if (typeof sub !== 'string' || sub === '') throw notValid();
    verified.set(digest, { userId: sub, expiresAt: exp * 1000 });
    return sub;
  }

  return {
    async issue(userId) {
      const issuedAt = Math.floor(clock.now() / 1000);
      const expiresAt = issuedAt + lifetime;
      const claims = { sub: userId, iss: party, aud: party, iat: issuedAt, exp: expiresAt };
      const token = await new SignJWT(claims).setProtectedHeader({ alg: algorithm }).sign(key);
      return { token, expiresAt: new Date(expiresAt * 1000) };
    },
    verify(token) {
      // Not the token itself, which is a secret.
      const digest = hash('sha256', token, 'base64');
      const known = verified.get(digest);
      if (known === undefined) return verifyNew(token, digest);
      if (known.expiresAt <= clock.now()) throw expired();
      return known.userId;
    },
  };
}

async function readClaims(token: string, key: KeyObject, currentDate: Date): Promise<JWTPayload> {
  try {
    const options = { algorithms: [algorithm], issuer: party, audience: party, currentDate };
    return (await jwtVerify(token, key, { ...options, requiredClaims: ['sub', 'iat', 'exp'] })).payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw expired();
    // Which check failed would help nobody but a forger.
    if (error instanceof errors.JOSEError) throw notValid();
    throw error;
  }
}

function expired() {
  return unauthenticated('The token has expired. Sign in again.');
}

function notValid() {
  return unauthenticated('The token is not valid. Sign in again.');
}
