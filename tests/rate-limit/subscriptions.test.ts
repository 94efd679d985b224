import { type DocumentNode, type ExecutionResult, parse, subscribe } from 'graphql';
import { describe, expect, it } from 'vitest';
import { codesOf, declare, type TestSchema } from '../support/declared.ts';

const typeDefs = `
  type Query { a: Int }
  type Tick { n: Int dear: Int @rateLimit(limit: 3) }
  type Subscription { ticks: Tick @rateLimit(limit: 2) free: Tick }
`;

async function* threeTicks() {
  for (let n = 1; n <= 3; n += 1) {
    const tick = { n, dear: n };
    yield await Promise.resolve({ ticks: tick, free: tick });
  }
}

const source = { subscribe: threeTicks };
const resolvers = { Subscription: { ticks: source, free: source } };

interface Opened {
  /** Why it was not opened, undefined if it was. */
  readonly denied: ExecutionResult | undefined;
  readonly events: readonly ExecutionResult[];
}

/** Subscribes on the schema alone, and reads all events. */
async function open(
  { schema }: TestSchema,
  source: string | DocumentNode,
  more: { contextValue?: unknown; rootValue?: unknown } = {},
): Promise<Opened> {
  const document = typeof source === 'string' ? parse(source) : source;
  const opened = await subscribe({ schema, document, ...more });
  if (!(Symbol.asyncIterator in opened)) return { denied: opened, events: [] };
  const events = [];
  for await (const event of opened) events.push(event);
  return { denied: undefined, events };
}

describe('a subscription without a server', () => {
  it('is charged when it is opened, and not for its events', async () => {
    const declared = declare(typeDefs, resolvers);
    for (let count = 0; count < 2; count += 1) {
      const { events } = await open(declared, 'subscription { ticks { n } }');
      expect(events.map(({ data }) => data)).toEqual([1, 2, 3].map((n) => ({ ticks: { n } })));
    }
    const { denied } = await open(declared, 'subscription { ticks { n } }');
    expect(denied?.errors).toMatchObject([
      { path: ['ticks'], extensions: { code: 'RATE_LIMITED', policy: 'Subscription.ticks' } },
    ]);
    declared.clock.advance(60);
    expect((await open(declared, 'subscription { ticks { n } }')).denied).toBeUndefined();
  });

  it.each(['ticks', 'free'])('is charged for the fields of its events when %s is opened', async (root) => {
    const declared = declare(typeDefs, resolvers);
    const { events } = await open(declared, `subscription { ${root} { dear again: dear } }`);
    expect(events.flatMap(codesOf)).toEqual([]);
    const states = await declared.limiter.status({ ip: 'local', tiers: [] });
    expect(states.find(({ policy }) => policy.name === 'Tick.dear')?.remaining).toBe(1);
  });

  it.each(['ticks', 'free'])(
    'has a field of %s denied in each event that was denied at first',
    async (root) => {
      const declared = declare(typeDefs, resolvers);
      const query = `subscription { ${root} { n a: dear b: dear c: dear d: dear } }`;
      const { events } = await open(declared, query);
      expect(events.map(({ data }) => data?.[root])).toEqual(
        [1, 2, 3].map((n) => ({ n, a: n, b: n, c: n, d: null })),
      );
      expect(events.map(codesOf)).toEqual(Array(3).fill(['RATE_LIMITED']));
    },
  );

  it('has its own decision where others run the same document', async () => {
    const declared = declare(typeDefs, resolvers);
    const document = parse('subscription { free { a: dear b: dear } }');
    const contexts = ['192.0.2.1', '192.0.2.2'].map((ip) => ({ caller: { ip, tiers: [] } }));
    const opened = [];
    for (const contextValue of [...contexts, ...contexts]) {
      opened.push(await open(declared, document, { contextValue }));
    }
    expect(opened.map(({ events }) => events[0]?.data?.['free'])).toEqual([
      { a: 1, b: 1 },
      { a: 1, b: 1 },
      { a: 1, b: null },
      { a: 1, b: null },
    ]);
  });

  it('is limited where its source is a method of the root value', async () => {
    const declared = declare(typeDefs);
    const rootValue = { ticks: threeTicks };
    const results = [];
    for (let count = 0; count < 3; count += 1) {
      results.push(await open(declared, 'subscription { ticks { n } }', { rootValue }));
    }
    expect(results.map(({ events }) => events.length)).toEqual([3, 3, 0]);
    expect(results[2]?.denied?.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
  });
});
