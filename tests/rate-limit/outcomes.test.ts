import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/rate-limit/index.ts';
import { ask, codesOf, declare } from '../support/declared.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openPipeline } from '../support/pipeline.ts';

describe('a limit that only reports', () => {
  it('denies nothing, and tells of every selection that it would have denied', async () => {
    const reported: string[] = [];
    const schema = declare(
      'type Query { a: Int @rateLimit(limit: 2, mode: REPORT) }',
      {},
      {
        report: ({ policy }) => reported.push(policy.name),
      },
    );
    expect(codesOf(await ask(schema, '{ w: a x: a y: a z: a }'))).toEqual([]);
    expect(reported).toEqual(['Query.a', 'Query.a']);
  });

  it('lets pass whoever had too many denials while limits were enforced', async () => {
    const clock = new FakeClock();
    const parts = { clock, store: createMemoryStore({ clock }), metaLimit: { limit: 1, duration: 3600 } };
    const sdl = 'type Query { a: Int @rateLimit(limit: 1) b: Int @rateLimit }';
    const enforcing = declare(sdl, {}, parts);
    await ask(enforcing, '{ a x: a }');
    expect(codesOf(await ask(enforcing, '{ b }'))).toEqual(['RATE_LIMITED']);
    expect(codesOf(await ask(declare(sdl, {}, { ...parts, mode: 'report' }), '{ b }'))).toEqual([]);
  });
});

describe('a limit that counts outcomes', () => {
  const counting = (count: string): string =>
    `type Query { f(ok: Boolean!): Int @rateLimit(limit: 2, count: ${count}, strategy: SLIDING_LOG) }`;
  const outcomes = {
    Query: {
      f: async (_: unknown, { ok }: { ok: boolean }) => {
        await Promise.resolve();
        if (!ok) throw new GraphQLError('failed', { extensions: { code: 'FAILED' } });
        return 1;
      },
    },
  };

  it('of FAILURE lets any number succeed', async () => {
    const declared = declare(counting('FAILURE'), outcomes);
    for (let n = 0; n < 5; n += 1) expect(codesOf(await ask(declared, '{ f(ok: true) }'))).toEqual([]);
    const failures = await ask(declared, '{ a: f(ok: false) b: f(ok: false) }');
    expect(codesOf(failures)).toEqual(['FAILED', 'FAILED']);
    expect(codesOf(await ask(declared, '{ f(ok: true) }'))).toEqual(['RATE_LIMITED']);
  });

  it('of SUCCESS lets any number fail', async () => {
    const declared = declare(counting('SUCCESS'), outcomes);
    for (let n = 0; n < 5; n += 1)
      expect(codesOf(await ask(declared, '{ f(ok: false) }'))).toEqual(['FAILED']);
    expect(codesOf(await ask(declared, '{ a: f(ok: true) b: f(ok: true) }'))).toEqual([]);
    expect(codesOf(await ask(declared, '{ f(ok: false) }'))).toEqual(['RATE_LIMITED']);
  });

  it('has attempts wait for the outcome of others, and denies them only for what has failed', async () => {
    const declared = declare(counting('FAILURE'), outcomes);
    const attempts = async (...all: boolean[]) =>
      (await Promise.all(all.map((ok) => ask(declared, `{ f(ok: ${ok}) }`)))).flatMap(codesOf);
    expect(await attempts(...Array<boolean>(30).fill(true))).toEqual([]);
    expect(await attempts(true, false, true, true, false, true, false)).toEqual([
      'FAILED',
      'FAILED',
      'RATE_LIMITED',
      'RATE_LIMITED',
    ]);
  });

  it('takes an error that is returned for a failure like one that is thrown', async () => {
    const declared = declare('type Query { f: Int @rateLimit(limit: 1, count: FAILURE) }', {
      Query: { f: () => new Error('returned') },
    });
    expect((await ask(declared, '{ f }')).errors?.[0]?.message).toBe('returned');
    expect(codesOf(await ask(declared, '{ f }'))).toEqual(['RATE_LIMITED']);
  });

  it('counts what a resolver throws at once', async () => {
    const declared = declare('type Query { f: Int @rateLimit(limit: 1, count: FAILURE) }', {
      Query: {
        f: () => {
          throw new Error('thrown');
        },
      },
    });
    expect((await ask(declared, '{ f }')).errors?.[0]?.message).toBe('thrown');
    expect(codesOf(await ask(declared, '{ f }'))).toEqual(['RATE_LIMITED']);
  });

  it('gives back what it took and no more where one selection is resolved for many objects', async () => {
    const declared = declare(
      'type Query { many: [Query] f: Int @rateLimit(limit: 3, count: FAILURE) g: Int @rateLimit(name: "g") }',
      { Query: { many: () => [{}, {}, {}], f: () => 1 } },
    );
    const remaining = async () =>
      (await declared.limiter.status({ ip: 'local', tiers: [] })).find(
        ({ policy }) => policy.name === 'Query.f',
      )?.remaining;
    await ask(declared, '{ f }');
    expect(await remaining()).toBe(3);
    await ask(declared, '{ many { f } }');
    expect(await remaining()).toBe(3);
  });

  it('is not touched by the outcome of a selection that it denied', async () => {
    const declared = declare(counting('FAILURE'), outcomes);
    await ask(declared, '{ a: f(ok: false) b: f(ok: false) }');
    for (let n = 0; n < 5; n += 1)
      expect(codesOf(await ask(declared, '{ f(ok: true) }'))).toEqual(['RATE_LIMITED']);
  });
});

describe('a field with a limit that counts failures', () => {
  const typeDefs = `
    type Query { f: Int }
    type Mutation {
      must: S! @rateLimit(limit: 2, count: FAILURE)
      one: S @rateLimit(limit: 2, count: FAILURE)
      number: Int @rateLimit(limit: 2, count: FAILURE)
      good: S @rateLimit(limit: 2, count: SUCCESS)
    }
    type S { must: Int! may: Int }
  `;
  const open = () =>
    openPipeline(typeDefs, {
      Mutation: { must: () => null, one: () => ({}), number: () => 'zz', good: () => ({}) },
      S: {
        may: () => {
          throw new GraphQLError('below', { extensions: { code: 'BELOW' } });
        },
      },
    });

  it.each([
    ['null where that is not allowed', 'mutation { must { may } }'],
    ['a field below that may not be null', 'mutation { one { must } }'],
    ['a value that cannot be told', 'mutation { number }'],
  ])('has failed where it comes to nothing because of %s', async (_, source) => {
    const { run } = open();
    for (let n = 0; n < 2; n += 1) expect(codesOf(await run(source))).not.toContain('RATE_LIMITED');
    expect(codesOf(await run(source))).toEqual(['RATE_LIMITED']);
  });

  it('has succeeded where only a part of it has failed', async () => {
    const { run } = open();
    for (let n = 0; n < 5; n += 1) expect(codesOf(await run('mutation { one { may } }'))).toEqual(['BELOW']);
  });

  it('gives back a success that has come to nothing, where those are counted', async () => {
    const { run } = open();
    for (let n = 0; n < 5; n += 1) {
      expect(codesOf(await run('mutation { good { must } }'))).not.toContain('RATE_LIMITED');
    }
  });

  it('has failed on the bare schema as well where null is not allowed', async () => {
    const declared = declare(typeDefs, { Mutation: { must: () => null } });
    const source = 'mutation { must { may } }';
    for (let n = 0; n < 2; n += 1) expect(codesOf(await ask(declared, source))).toEqual([undefined]);
    expect(codesOf(await ask(declared, source))).toEqual(['RATE_LIMITED']);
  });
});
