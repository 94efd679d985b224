import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { unauthenticated } from '../errors.ts';
import { mapMaybePromise } from '../util/promises.ts';
import { hashApiKey } from './api-key.ts';
import { type Caller, tiers } from './caller.ts';
import { addressOf, type CallerRequest, type ClientAddress, type Header } from './client-address.ts';

/** @internal */
export interface KnownApiKey {
  readonly id: number;
  readonly tiers: readonly string[];
}

/** The header fields that say who asks. */
export const identifyingFields = ['Authorization', 'X-API-Key'] as const;

export interface IdentifyOptions {
  readonly clientAddress: ClientAddress;
  /** The key with this hash (see `hashApiKey`), or undefined where there is none or it has been revoked. */
  readonly findApiKey: (hash: string) => Promise<KnownApiKey | undefined>;
  /** The id of the user whom a token was issued to. Throws or rejects with `UNAUTHENTICATED`. */
  readonly verifyToken: (token: string) => MaybePromise<string>;
}

export type Identify = (request: CallerRequest) => MaybePromise<Caller>;

/**
 * Tells who asks, from the address, the API key in X-Api-Key and the token in Authorization. A promise only where there
 * is a key, or a token that is new. One that is not good throws or rejects with `UNAUTHENTICATED`, and never passes for
 * anonymous.
 */
export function createIdentify({ clientAddress, findApiKey, verifyToken }: IdentifyOptions): Identify {
  return (request) => {
    const { 'x-api-key': keyHeader, authorization } = request.headers;
    const ip = addressOf(clientAddress, request);
    if (keyHeader === undefined && authorization === undefined) return { ip, tiers: [tiers.anonymous] };
    return identifyByCredentials(ip, keyHeader, authorization);
  };

  function identifyByCredentials(ip: string, keyHeader: Header, authorization: Header): MaybePromise<Caller> {
    const key = keyHeader === undefined ? undefined : readKey(keyHeader);
    const token = authorization === undefined ? undefined : readToken(authorization);
    const callerBy = (known: KnownApiKey | undefined, userId: string | undefined): Caller => {
      return { ip, apiKeyId: known?.id.toString(), userId, tiers: joinTiers(known, userId) };
    };
    // The token first: a bad one is found without asking the database.
    return mapMaybePromise(token === undefined ? undefined : verifyToken(token), (userId) =>
      mapMaybePromise(key === undefined ? undefined : knownKey(key), (known) => callerBy(known, userId)),
    );
  }

  async function knownKey(key: string): Promise<KnownApiKey> {
    const known = await findApiKey(hashApiKey(key));
    if (known === undefined) throw unauthenticated('The API key is not known or has been revoked.');
    return known;
  }
}

function readKey(header: NonNullable<Header>): string {
  const [value = '', ...others] = [header].flat();
  const key = value.trim();
  if (others.length > 0) throw unauthenticated('X-Api-Key must be sent once.');
  if (key === '') throw unauthenticated('X-Api-Key is empty. Send an API key, or leave the header out.');
  return key;
}

// RFC 6750, 2.1; the name of the scheme is case-insensitive (RFC 9110, 11.1).
const bearer = /^Bearer +(?<token>[\w~+/.-]+=*)$/i;

function readToken(header: NonNullable<Header>): string {
  const [value = '', ...others] = [header].flat();
  const token = others.length > 0 ? undefined : bearer.exec(value.trim())?.groups?.['token'];
  if (token === undefined) throw unauthenticated('Authorization must be "Bearer <token>".');
  return token;
}

function joinTiers(key: KnownApiKey | undefined, userId: string | undefined): readonly string[] {
  const joined = new Set([...(key?.tiers ?? []), ...(userId === undefined ? [] : [tiers.user])]);
  return joined.size > 0 ? [...joined] : [tiers.anonymous];
}
