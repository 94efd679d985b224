import { type Operation, type OperationName, operations } from './operations.ts';

/** What is asked of which servers. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Of a hundred requests, how many are of each operation. */
  readonly mix: Readonly<Partial<Record<OperationName, number>>>;
  /** Whether limits reject every request; otherwise they are so high that all are counted and none is denied. */
  readonly isRejected?: boolean;
  /** The names of servers, in the order of their turns. */
  readonly servers: readonly string[];
}

const everyone = ['bare', 'sluice-yoga', 'sluice-apollo', 'yoga', 'apollo', 'mercurius', 'flask'];
const limiters = everyone.filter((name) => name !== 'mercurius');

export const scenarios: readonly Scenario[] = [
  {
    name: 'hit',
    title: '`users`, from the cache',
    mix: { users: 100 },
    servers: [...everyone, 'mercurius-array', 'sluice-redis'],
  },
  {
    name: 'limited-hit',
    title: '`user` and `users`, from the cache, `user` counted by its limit',
    mix: { limitedUsers: 100 },
    servers: ['bare', 'sluice-yoga', 'sluice-apollo', 'sluice-redis'],
  },
  {
    name: 'private-hit',
    title: '`me` and `users`, from the cache of the caller, whose token is verified',
    mix: { myUsers: 100 },
    servers: [...everyone, 'sluice-redis'],
  },
  {
    name: 'products',
    title: '`products`, limited, from SQLite',
    mix: { products: 100 },
    servers: [...everyone, 'sluice-unlimited', 'sluice-graphql-js'],
  },
  {
    name: 'flood',
    title: '`products`, every request over the limit',
    mix: { products: 100 },
    isRejected: true,
    servers: limiters,
  },
  {
    name: 'mixed',
    title: '90 % `users` from the cache, 9 % `products` from SQLite, 1 % `createUser`',
    mix: { firstUsers: 90, products: 9, createUser: 1 },
    servers: everyone,
  },
  {
    name: 'createUser',
    title: '`createUser`, with argon2id',
    mix: { createUser: 100 },
    servers: everyone,
  },
];

/** What is asked for, the most frequent first. */
export function operationsOf({ mix }: Scenario): Operation[] {
  // Object.keys forgets that there are no other names.
  return (Object.keys(mix) as OperationName[]).map((name) => operations[name]);
}
