import { orderOf } from '../http/order.ts';

/** A request of the soak. */
export interface SoakRequest {
  readonly kind: Kind;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Of a hundred requests, how many are of each kind. */
export const shares = {
  hit: 50,
  privateHit: 5,
  document: 20,
  variables: 10,
  products: 5,
  partlyDenied: 4,
  rejected: 3,
  invalid: 2,
  unparsable: 1,
};

export type Kind = keyof typeof shares | 'createUser';

/** The callers that requests come from: fewer than there may be buckets, for it is not that bound that is measured. */
export const callers = 200_000;
const floodingCallers = 100;
/** How many users are signed in, with the ids from 1. */
export const signedIn = 20;
const documents = 100_000;
const pages = 50_000;
const newUserEvery = 2000;

// Object.keys forgets that there are no other names.
const kinds = Object.keys(shares) as (keyof typeof shares)[];
const order = orderOf(Object.values(shares));

const usersQuery = '{ users { id name email } }';
const pageQuery = 'query ($after: ID) { users(first: 20, after: $after) { id name } }';
const createQuery = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { id } }';

/**
 * The n-th request. Everything comes round again after 200,000 requests, so that whatever has grown after a quarter of
 * two millions has to stay as it is.
 * @param tokens of the signed-in users
 */
export function requestOf(n: number, tokens: readonly string[]): SoakRequest {
  const kind = kindOf(n);
  const isFlooding = kind === 'partlyDenied' || kind === 'rejected';
  const caller = isFlooding ? callers + (n % floodingCallers) : n % callers;
  const token = kind === 'privateHit' ? tokens[n % signedIn] : undefined;
  return {
    kind,
    headers: {
      'Content-Type': 'application/json',
      'X-Forwarded-For': `10.${caller >> 16}.${(caller >> 8) & 255}.${caller & 255}`,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(paramsOf(kind, n)),
  };
}

function kindOf(n: number): Kind {
  if (n % newUserEvery === 0) return 'createUser';
  // Both lists are as long as they have to be for these indexes.
  return kinds[order[n % order.length] ?? 0] ?? 'hit';
}

function paramsOf(kind: Kind, n: number): { query: string; variables?: object } {
  switch (kind) {
    case 'hit':
      return { query: usersQuery };
    case 'privateHit':
      return { query: '{ me { id } users { id name email } }' };
    case 'document':
      return { query: `{ user(id: "${1 + (n % 20)}") { name${n % documents}: name } }` };
    case 'variables':
      return { query: pageQuery, variables: { after: String(n % pages) } };
    case 'products':
    case 'rejected':
      return { query: '{ products { id name price } }' };
    case 'partlyDenied':
      return { query: '{ users { id } products { id } }' };
    case 'invalid':
      return { query: `{ nothing${n % documents} }` };
    case 'unparsable':
      return { query: `{ users { name${n % documents}` };
    case 'createUser': {
      const input = { name: 'Ada', email: `ada-${n}@example.com`, password: 'correct horse' };
      return { query: createQuery, variables: { input } };
    }
  }
}

/** Whether a status is one that a request of this kind may be answered with. */
export function isExpected(kind: Kind, status: number): boolean {
  return allowed[kind].includes(status);
}

const allowed: Readonly<Record<Kind, readonly number[]>> = {
  hit: [200],
  privateHit: [200],
  document: [200],
  variables: [200],
  // One caller's requests may come faster than the limit allows, where the machine is fast.
  products: [200, 429],
  partlyDenied: [200],
  // The first ones of each window are answered.
  rejected: [200, 429],
  // 200 is what clients are answered that accept application/json.
  invalid: [200, 400],
  unparsable: [200, 400],
  createUser: [200],
};
