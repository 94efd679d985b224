import { setImmediate as settled } from 'node:timers/promises';
import type { ExecutionResult } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import type { OperationContext } from '../../src/operation/context.ts';
import { noteRead, tableTag } from '../../src/response-cache/index.ts';
import { declare } from '../support/declared.ts';
import { resultOf } from '../support/pipeline.ts';
import { openRun } from '../support/run.ts';

const typeDefs = `
  type Query {
    item: Item @cacheControl(maxAge: 60)
    items: [Item] @cacheControl(maxAge: 60)
    number: Int @cacheControl(maxAge: 60)
  }
  type Mutation {
    write: Boolean
    writeItem: Item
    writeDeclared: Boolean @invalidates(fields: ["Query.number"])
    writeByCode: Boolean
  }
  type Item { id: ID! n: Int }
`;

/** How a write is seen, and the operations that read and write so. */
const kinds = [
  { by: 'tables', read: '{ number }', write: 'mutation { write }' },
  { by: 'tables, in lists', read: '{ items { n } }', write: 'mutation { write }' },
  { by: 'objects', read: '{ item { n } }', write: 'mutation { writeItem { id } }' },
  { by: 'objects, in lists', read: '{ items { n } }', write: 'mutation { writeItem { id } }' },
  { by: '@invalidates', read: '{ number }', write: 'mutation { writeDeclared }' },
  { by: 'code', read: '{ number }', write: 'mutation { writeByCode }' },
];

/** The steps of each of those who are at it at the same time. */
const steps = {
  first: ['starts', 'has read', 'ends'],
  second: ['starts', 'has read', 'ends'],
  write: ['starts', 'ends'],
} as const;
type Who = keyof typeof steps;
type Step = `${Who} ${'starts' | 'has read' | 'ends'}`;

const whoOf = (step: Step): Who =>
  (Object.keys(steps) as Who[]).find((who) => step.startsWith(who)) ?? 'write';

/** All orders of the steps in which each does its own one after the other. */
function ordersOf(left: Readonly<Record<Who, readonly string[]>> = steps): Step[][] {
  const orders = (Object.keys(left) as Who[]).flatMap((who) => {
    const [next, ...rest] = left[who];
    if (next === undefined) return [];
    return ordersOf({ ...left, [who]: rest }).map((order) => [`${who} ${next}` as Step, ...order]);
  });
  return orders.length > 0 ? orders : [[]];
}

/** Operations over one number, each of which goes on where its gates are opened; its name is that of its caller. */
function openNumber(isTracked: boolean) {
  const gates = new Map<string, PromiseWithResolvers<undefined>>();
  const gateAt = (name: string): PromiseWithResolvers<undefined> => {
    const gate = gates.get(name) ?? Promise.withResolvers();
    gates.set(name, gate);
    return gate;
  };
  let value = 1;
  let executions = 0;
  const read = async (who: string): Promise<number> => {
    executions += 1;
    await gateAt(`${who} has read`).promise;
    if (isTracked) noteRead(new Set(['numbers']));
    const found = value;
    await gateAt(`${who} ends`).promise;
    return found;
  };
  const write = async (): Promise<void> => {
    value = 2;
    await gateAt('write ends').promise;
  };
  const item = async (_: unknown, _args: unknown, { caller }: OperationContext) => {
    return { id: '1', n: await read(caller.ip) };
  };
  const declared = declare(typeDefs, {
    Query: {
      item,
      items: async (...args: Parameters<typeof item>) => [await item(...args)],
      number: (_: unknown, _args: unknown, { caller }: OperationContext) => read(caller.ip),
    },
    Mutation: {
      write: async () => {
        await write();
        // As the database does once it has committed.
        await declared.answers.invalidate([tableTag('numbers')]);
        return true;
      },
      writeItem: () => write().then(() => ({ id: '1' })),
      writeDeclared: () => write().then(() => true),
      writeByCode: async (_: unknown, _args: unknown, { cache }: OperationContext) => {
        await write();
        await cache.invalidate({ fields: ['Query.number'] });
        return true;
      },
    },
  });
  const { answers } = declared;
  const runOne = openRun(declared);
  const run = async (who: string, query: string): Promise<ExecutionResult> => {
    const caller = { ip: who, tiers: [] };
    return resultOf(
      await runOne({ query }, { requestId: who, method: 'POST', caller, requestCacheControl: undefined }),
    );
  };
  return {
    run,
    open(gate: string) {
      gateAt(gate).resolve(undefined);
    },
    /** Begins anew. */
    async reset() {
      gates.clear();
      value = 1;
      await answers.invalidate('everything');
    },
    get executions() {
      return executions;
    },
  };
}

/** The number that an operation was answered with, wherever it is. */
const numberIn = (result?: ExecutionResult): number =>
  Number(/:(\d)/.exec(JSON.stringify(result?.data))?.[1]);

describe.each(kinds)('readers beside a write that is seen by $by', ({ by, read, write }) => {
  const orders = ordersOf();
  const api = openNumber(by.startsWith('tables'));
  beforeEach(() => api.reset());

  /** Takes the steps in an order, and tells what each reader was answered. */
  async function take(order: readonly Step[]) {
    await api.reset();
    const running = new Map<Who, Promise<ExecutionResult>>();
    for (const step of order) {
      const who = whoOf(step);
      if (step.endsWith('starts')) running.set(who, api.run(who, who === 'write' ? write : read));
      else api.open(step);
      // What can go on goes on before the next step.
      await settled();
    }
    const first = numberIn(await running.get('first'));
    const second = numberIn(await running.get('second'));
    const writing = await running.get('write');
    const before = api.executions;
    for (const step of ['later has read', 'later ends', 'last has read', 'last ends']) api.open(step);
    const later = numberIn(await api.run('later', read));
    const last = numberIn(await api.run('last', read));
    return { first, second, later, last, errors: writing?.errors, executions: api.executions - before };
  }

  it('has them see it where they come after it, and keeps nothing older, in whichever order', async () => {
    expect(orders).toHaveLength(560);
    const wrong: unknown[] = [];
    for (const order of orders) {
      const { first, second, later, last, errors, executions } = await take(order);
      const isAfter = (who: Who) => order.indexOf(`${who} starts`) > order.indexOf('write ends');
      const isRight =
        (isAfter('first') ? [2] : [1, 2]).includes(first) &&
        (isAfter('second') ? [2] : [1, 2]).includes(second);
      const isKeptRight = later === 2 && last === 2 && executions <= 1 && errors === undefined;
      if (!isRight || !isKeptRight)
        wrong.push({ order: order.join(', '), first, second, later, last, executions, errors });
    }
    expect(wrong).toEqual([]);
  });

  it('has those who come together share an answer, also one that the write then overtakes', async () => {
    const before = api.executions;
    const first = api.run('first', read);
    const second = api.run('second', read);
    api.open('first has read');
    await settled();
    const writing = api.run('write', write);
    api.open('write ends');
    await writing;
    api.open('first ends');
    expect([numberIn(await first), numberIn(await second), api.executions - before]).toEqual([1, 1, 1]);
  });
});
