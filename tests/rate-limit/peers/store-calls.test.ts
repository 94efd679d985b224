import { getOperationAST, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { Admission } from '../../../src/rate-limit/index.ts';
import { aliased } from '../../support/client.ts';
import { ask, declare } from '../../support/declared.ts';
import { anonymous, openPipeline } from '../../support/pipeline.ts';
import { spiedStore } from './spied-store.ts';

const sdl = `
  type Query {
    f: Int @rateLimit(limit: 5) @rateLimit(limit: 50, duration: 3600) @rateLimit(limit: 90, duration: 7200) @rateLimit(by: [GLOBAL])
    g: Int @rateLimit(limit: 5)
    free: Int
    items: [Item!]
  }
  type Item { stock: Int @rateLimit(limit: 5) parts: [Item!] name: String }
  type Mutation { f: Int @rateLimit(limit: 5) g: Int @rateLimit(limit: 5) }
  extend schema @rateLimit(limit: 1000)
`;
const withoutSchema = sdl.replace(/extend schema.*/, '');

const items = (count: number) =>
  Array.from({ length: count }, () => ({ stock: 1, name: 'x', parts: [{ stock: 2 }] }));
const resolvers = { Query: { items: () => items(1000) }, Mutation: { f: () => 1, g: () => 2 } };

const operations = [
  ['one field', '{ f }'],
  ['100 aliases, of which some are denied', `{ free ${aliased(100, 'f')} }`],
  ['fields with several windows each', '{ f g }'],
  [
    'a field under 1000 items, and one under a list of each of them',
    '{ items { name stock parts { stock } } }',
  ],
  ['mutations, which run one after the other', `mutation { ${aliased(10, 'f')} g }`],
  ['fragments', '{ ...A ...A } fragment A on Query { f ...B } fragment B on Query { g items { stock } }'],
] as const;

describe('the store', () => {
  it.each(operations)('is charged once by an operation of %s', async (_, source) => {
    const { calls, ...parts } = spiedStore();
    await openPipeline(sdl, resolvers, parts).run(source);
    expect(calls).toHaveLength(1);
  });

  it.each(operations)('is charged once on the bare schema by an operation of %s', async (_, source) => {
    const { calls, ...parts } = spiedStore();
    await ask(declare(sdl, resolvers, parts), source);
    expect(calls).toHaveLength(1);
  });

  it.each([
    '{ free items { name } }',
    '{ __typename __schema { queryType { name } } }',
    '{ free f @skip(if: true) }',
  ])('is not asked where nothing is limited: %s', async (source) => {
    const { calls, ...parts } = spiedStore();
    await openPipeline(withoutSchema, resolvers, parts).run(source);
    await ask(declare(withoutSchema, resolvers, parts), source);
    expect(calls).toEqual([]);
  });

  it('is told of each bucket once, however many aliases take from it', async () => {
    const { keys, ...parts } = spiedStore();
    await openPipeline(sdl, resolvers, parts).run(`{ free ${aliased(100, 'f')} }`);
    expect(new Set(keys()).size).toBe(keys().length);
    expect(keys()).toHaveLength(5);
  });

  it('has judged the operation before the first resolver runs, also for what lies deep in it', async () => {
    const { calls, ...parts } = spiedStore();
    const callsAt: number[] = [];
    const note =
      <Value>(value: Value) =>
      () => {
        callsAt.push(calls.length);
        return value;
      };
    const noting = { Query: { free: note(1), items: note(items(2)) }, Mutation: { f: note(1), g: note(2) } };
    const { run } = openPipeline(sdl, noting, parts);
    await run('{ free items { parts { stock } } }');
    await run('mutation { f g }');
    expect(callsAt).toEqual([1, 1, 2, 2]);
  });

  it('keeps no timer for a bucket in memory', async () => {
    vi.useFakeTimers();
    try {
      await ask(declare(sdl, resolvers), '{ f g items { stock } }');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('admission in memory', () => {
  it.each(operations)('makes no promise on the way for %s', (_, source) => {
    const perMinute = { limit: 2, duration: 60 };
    const { limiter, planner } = declare(sdl, resolvers, {
      metaLimit: perMinute,
      invalidLimits: [perMinute],
    });
    const document = parse(source);
    const operation = getOperationAST(document);
    const plan = operation ? planner(document, operation).selections({}) : undefined;
    const admissions = Array.from({ length: 9 }, () => {
      return plan && limiter.admit({ plan, variables: {}, caller: anonymous });
    });
    for (const admission of admissions) expect(admission).toBeInstanceOf(Admission);
    expect(admissions.at(-1)).toMatchObject({ isDenied: true });
    for (let count = 0; count < 3; count += 1)
      expect(limiter.requests.admitInvalid(anonymous)).toBeInstanceOf(Admission);
    expect(limiter.status(anonymous)).toBeInstanceOf(Array);
  });
});
