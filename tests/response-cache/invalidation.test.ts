import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../src/app/application.ts';
import { buildSchema } from '../../src/directives/build-schema.ts';
import { type AnswerStore, createInvalidate, createMemoryStore } from '../../src/response-cache/index.ts';
import { problemsOf } from '../support/declared.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query { a: A @cacheControl(maxAge: 60) all: [A] @cacheControl(maxAge: 60) }
  type Mutation {
    change: A
    call: Boolean
    declared: Boolean @invalidates(types: ["Node"])
    declaredField: Boolean @invalidates(fields: ["Node.name"])
  }
  interface Node { name: String }
  type A implements Node { id: ID name: String }
  input In { name: String }
`;

/** A store whose drops last until they are released. */
function gated(store: AnswerStore) {
  const [reached, released] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const slow: AnswerStore = {
    get: (key) => store.get(key),
    begin: () => store.begin(),
    async invalidate(tags) {
      reached.resolve(undefined);
      await released.promise;
      await store.invalidate(tags);
    },
  };
  const release = (): void => {
    released.resolve(undefined);
  };
  return { slow, reached: reached.promise, release };
}

describe('a mutation', () => {
  it.each(['change { id }', 'call', 'change { name } call'])(
    'is answered once the answers that it has made old are gone: %s',
    async (mutation) => {
      let name = 'old';
      const clock = new FakeClock();
      const gates = gated(createMemoryStore({ clock, maxBytes: 1 << 20 }));
      const a = () => ({ id: '1', name });
      const change = () => {
        name = 'new';
        return a();
      };
      const call = async (_: unknown, _args: unknown, { cache }: RequestContext) => {
        change();
        await cache.invalidate({ types: ['A'] });
        return true;
      };
      const resolvers = { Query: { a, all: () => [a()] }, Mutation: { change, call } };
      const { run } = openPipeline(typeDefs, resolvers, { clock, answers: gates.slow });
      for (const query of ['{ a { name } }', '{ all { name } }']) await run(query);

      const events: string[] = [];
      const answered = run(`mutation { ${mutation} }`).then(() => events.push('answered'));
      await gates.reached;
      // Whatever can go on without the store has gone on after this.
      await new Promise(setImmediate);
      events.push('dropped');
      gates.release();
      await answered;
      expect(events).toEqual(['dropped', 'answered']);
      expect((await run('{ a { name } all { name } }')).data).toEqual({ a: { name }, all: [{ name }] });
      expect((await run('{ a { name } }')).data).toEqual({ a: { name: 'new' } });
      expect((await run('{ all { name } }')).data).toEqual({ all: [{ name: 'new' }] });
    },
  );

  it.each(['declared', 'declaredField'])(
    'drops what is of an interface under whatever type it was asked for: %s',
    async (mutation) => {
      const { run } = openPipeline(typeDefs, { Query: { a: () => ({ id: 1, name: 'n' }) } });
      await run('{ a { name } }');
      await run(`mutation { ${mutation} }`);
      expect((await run('{ a { name } }')).cacheStatus).toBe('sluice; fwd=miss; stored');
    },
  );
});

describe('a name that no answer can have', () => {
  const invalidate = createInvalidate(
    buildSchema(typeDefs, {}),
    createMemoryStore({ clock: new FakeClock(), maxBytes: 1 << 20 }),
  );

  it.each([
    [{ types: ['B'] }, 'there is no type "B".'],
    [{ types: [''] }, 'there is no type "".'],
    [{ types: ['toString'] }, 'there is no type "toString".'],
    [{ types: ['In'] }, 'there are no objects of the type "In".'],
    [{ types: ['CacheLevel'] }, 'there are no objects of the type "CacheLevel".'],
    [{ entities: [{ type: 'ID', id: 1 }] }, 'there are no objects of the type "ID".'],
    [{ fields: ['In.name'] }, 'there is no field "In.name"; write it like "Query.users".'],
    [{ fields: ['A.name.x'] }, 'there is no field "A.name.x"; write it like "Query.users".'],
    [{ fields: ['A.'] }, 'there is no field "A."; write it like "Query.users".'],
    [{ fields: ['A.constructor'] }, 'there is no field "A.constructor"; write it like "Query.users".'],
  ])('is a TypeError in a call: %j', async (what, problem) => {
    await expect(invalidate(what)).rejects.toThrow(new TypeError(`Nothing was dropped: ${problem}`));
  });

  it('stops the start in @invalidates', () => {
    const sdl = `
      type Query { f: Int @invalidates(types: ["Int", "In"], fields: ["In.name", "Query.f.x"]) }
      input In { name: String }
    `;
    expect(problemsOf(sdl)).toEqual([
      'Query.f: @invalidates(types: ["Int"]): there are no objects of the type "Int".',
      'Query.f: @invalidates(types: ["In"]): there are no objects of the type "In".',
      'Query.f: @invalidates(fields: ["In.name"]): there is no field "In.name"; write it like "Query.users".',
      'Query.f: @invalidates(fields: ["Query.f.x"]): there is no field "Query.f.x"; write it like "Query.users".',
    ]);
  });
});
