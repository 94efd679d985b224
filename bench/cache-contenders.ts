import { createInMemoryCache } from '@envelop/response-cache';
import { isPromise } from '@whatwg-node/promise-helpers';
import { type ExecutionResult, parse } from 'graphql';
import { declareSchema } from '../src/app/declared-schema.ts';
import { createFindOperation, type Operation } from '../src/operation/find-operation.ts';
import { createMemoryStore as createBucketStore } from '../src/rate-limit/index.ts';
import { makeAnswer } from '../src/response-cache/answer.ts';
import { answerKey, type KeyParts } from '../src/response-cache/answer-key.ts';
import { AnswerCache, createMemoryStore, tableTag } from '../src/response-cache/index.ts';
import { systemClock } from '../src/util/clock.ts';

/** Something that keeps the answers to one operation with different variables. */
export interface Contender {
  /** Keeps the answer to the operation with the n-th variables. */
  keep(n: number): void;
  /** Asks for the answer with the n-th variables, by its key; whether it was there. */
  find(n: number): boolean;
  /** Does all that a request needs until there is a body to send; its length. */
  hit(n: number): number;
  /** Drops what depends on the table, or on the type. */
  invalidate(): void;
}

const answersInMemory = 2 ** 31;
/** Seconds: longer than a run takes. */
const maxAge = 3600;

function dataOf(n: number): NonNullable<ExecutionResult['data']> {
  const users = Array.from({ length: 10 }, (_, id) => ({ id: String(n + id), name: `User ${n + id}` }));
  return { users };
}

const source = 'query ($first: Int) { users(first: $first) { id name } }';
const typeDefs = `
  type Query { users(first: Int): [User] @cacheControl(maxAge: ${maxAge}) }
  type User { id: ID! name: String! }
`;

function keyFor(operation: Pick<KeyParts, 'digest' | 'declared'>, n: number): string {
  const key = answerKey({ ...operation, variables: { first: n }, owner: null });
  if (key === undefined) throw new Error('Every answer must have a key.');
  return key;
}

/** The cache of this project, in memory. */
export function openOurs(): Contender {
  const answers = createMemoryStore({ clock: systemClock, maxBytes: answersInMemory });
  const store = createBucketStore({ clock: systemClock });
  const declared = declareSchema(typeDefs, {}, { answers, store, report: () => undefined });
  const {
    digest,
    variableNames: names,
    cachePlan: plan,
  } = prepared(createFindOperation(declared)(parse(source), undefined));
  if (plan === undefined) throw new Error('The operation must be one that is kept.');
  const cache = new AnswerCache(answers, systemClock);
  const keyOf = (n: number): string => keyFor({ digest, declared: names }, n);

  return {
    keep(n) {
      const tags = [...plan.tags, tableTag('users')];
      answers.begin().keep(keyOf(n), makeAnswer(dataOf(n), plan, systemClock.now()), tags);
    },
    find: (n) => answers.get(keyOf(n)) !== undefined,
    hit(n) {
      const entry = cache.enter({ key: keyOf(n), plan, mayRead: true, mayKeep: true });
      if (isPromise(entry) || entry.kind !== 'given') throw new Error('Every answer must be there.');
      return entry.answer.body.length;
    },
    invalidate() {
      answers.invalidate([tableTag('users')]);
    },
  };
}

/** The memory cache of \@envelop/response-cache, with the keys that are made for it without its asynchronous hash. */
export function openTheirs(): Contender {
  const cache = createInMemoryCache({ max: 1_000_000 });
  const keyOf = (n: number): string => keyFor({ digest: source, declared: ['first'] }, n);
  const find = (n: number): ExecutionResult => {
    const result = cache.get(keyOf(n));
    if (isPromise(result) || result == null) throw new Error('Every answer must be there.');
    return result;
  };

  return {
    keep(n) {
      const entities = Array.from({ length: 10 }, (_, id) => ({ typename: 'User', id: String(n + id) }));
      void cache.set(keyOf(n), { data: dataOf(n) }, entities, maxAge * 1000);
    },
    find: (n) => find(n).data != null,
    hit: (n) => Buffer.byteLength(JSON.stringify(find(n))),
    invalidate() {
      void cache.invalidate([{ typename: 'User' }]);
    },
  };
}

function prepared(operation: Operation | undefined): Operation {
  if (operation === undefined) throw new Error('There must be an operation.');
  return operation;
}

/** How many bytes the bodies of so many answers have together. */
export function bytesOfBodies(count: number): number {
  let bytes = 0;
  for (let n = 0; n < count; n += 1) bytes += Buffer.byteLength(JSON.stringify({ data: dataOf(n) }));
  return bytes;
}
