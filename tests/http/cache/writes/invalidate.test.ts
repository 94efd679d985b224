import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../../src/app/application.ts';
import type { Invalidation } from '../../../../src/response-cache/invalidation.ts';
import type { Start } from '../../../support/app.ts';
import { cacheStatus, hit, stored } from '../../../support/cache-status.ts';
import { ask } from '../../../support/client.ts';
import { describeEngines } from '../../../support/describe-engines.ts';

const typeDefs = `
  type Query {
    cats: [Cat!] @cacheControl(maxAge: 60)
    cat(id: ID!): Cat @cacheControl(maxAge: 60)
    animal(id: ID!): Animal @cacheControl(maxAge: 60)
    pets: [Pet!] @cacheControl(maxAge: 60)
    catCount: Int @cacheControl(maxAge: 60)
  }
  type Mutation {
    rename(id: ID!, name: String!): Boolean
    drop(type: String, field: String): Boolean
  }
  interface Animal { id: ID! name: String }
  union Pet = Cat | Dog
  type Cat implements Animal { id: ID! name: String }
  type Dog implements Animal { id: ID! name: String }
`;

const queries = {
  cats: '{ cats { name } }',
  one: '{ cat(id: "1") { name } }',
  two: '{ cat(id: "2") { called: name } }',
  nobody: '{ cat(id: "9") { name } }',
  dog: '{ animal(id: "3") { name } }',
  pets: '{ pets { ... on Dog { id } } }',
  count: '{ catCount }',
} as const;
const all = Object.keys(queries);
const allBut = (...names: (keyof typeof queries)[]): string[] =>
  all.filter((name) => !names.some((each) => each === name));

/** An app whose data is in no database, with an answer to each query kept, or one of its own. */
async function startZoo(start: Start) {
  const names = new Map([
    ['1', 'Tom'],
    ['2', 'Kit'],
    ['3', 'Rex'],
  ]);
  const animal = (_: unknown, { id }: { id: string }) =>
    names.has(id) ? { __typename: id === '3' ? 'Dog' : 'Cat', id, name: names.get(id) } : null;
  const animals = () => [...names.keys()].map((id) => animal(undefined, { id }));
  const app = await start({
    typeDefs,
    resolvers: {
      Query: {
        cats: () => animals().slice(0, 2),
        cat: animal,
        animal,
        pets: animals,
        catCount: () => 2,
      },
      Mutation: {
        async rename(_: unknown, { id, name }: { id: string; name: string }, { cache }: RequestContext) {
          names.set(id, name);
          await cache.invalidate({ entities: [{ type: 'Cat', id }] });
          return true;
        },
        async drop(
          _: unknown,
          { type, field }: { type?: string; field?: string },
          { cache, log }: RequestContext,
        ) {
          try {
            await cache.invalidate({ ...(type && { types: [type] }), ...(field && { fields: [field] }) });
            return true;
          } catch (error) {
            log.info(String(error));
            return error instanceof TypeError ? false : null;
          }
        },
      },
    },
  });
  const kept = async (): Promise<string[]> => {
    const statuses = await Promise.all(
      Object.entries(queries).map(
        async ([name, query]) => [name, cacheStatus(await ask(app.url, query))] as const,
      ),
    );
    expect(statuses.filter(([, status]) => status !== hit && status !== stored)).toEqual([]);
    return statuses.filter(([, status]) => status === hit).map(([name]) => name);
  };
  expect(await kept()).toEqual([]);
  expect(await kept()).toEqual(all);
  return Object.assign(app, { kept });
}

describeEngines((start) => {
  describe('what changes without the server seeing it', () => {
    it.each<[string, Invalidation | 'everything', string[]]>([
      ['objects of a type', { types: ['Cat'] }, ['count']],
      [
        'one object, the lists that it may belong into, and where it was missing',
        { entities: [{ type: 'Cat', id: 1 }] },
        ['two', 'dog', 'count'],
      ],
      ['a field', { fields: ['Query.catCount'] }, allBut('count')],
      ['a field of objects', { fields: ['Cat.name'] }, ['pets', 'count']],
      ['a field of an interface, of whatever object', { fields: ['Animal.name'] }, ['pets', 'count']],
      ['objects of an interface, whatever they are', { types: ['Animal'] }, ['count']],
      ['objects of a union', { types: ['Pet'] }, ['count']],
      ['one object of an interface', { entities: [{ type: 'Animal', id: '2' }] }, ['one', 'dog', 'count']],
      [
        'several things',
        { fields: ['Query.catCount'], entities: [{ type: 'Cat', id: '2' }] },
        ['one', 'dog'],
      ],
      ['a table that no answer was made from', { tables: ['cats'] }, all],
      ['everything', 'everything', []],
    ])('is dropped by app.invalidate: %s', async (_title, what, left) => {
      const { invalidate, kept } = await startZoo(start);
      await invalidate(what);
      expect(await kept()).toEqual(left);
    });

    it('is dropped by a resolver before its mutation is answered', async () => {
      const { url, kept } = await startZoo(start);
      await ask(url, 'mutation { rename(id: "1", name: "Thomas") }');
      expect((await ask(url, queries.one)).body.data).toEqual({ cat: { name: 'Thomas' } });
      expect(await kept()).toContain('two');
    });

    it('is dropped also where resolvers named it beside what had failed', async () => {
      const { url } = await startZoo(start);
      await ask(url, 'mutation { rename(id: "1", name: "Thomas") drop(type: "Cats") }');
      expect((await ask(url, queries.cats)).body.data).toEqual({
        cats: [{ name: 'Thomas' }, { name: 'Kit' }],
      });
    });

    it.each<[what: object, message: string]>([
      [{ types: ['Cat', 'Cats'] }, 'Nothing was dropped: there is no type "Cats".'],
      [{ entities: [{ type: 'cat', id: 1 }] }, 'Nothing was dropped: there is no type "cat".'],
      [{ types: ['String'] }, 'Nothing was dropped: there are no objects of the type "String".'],
      [{ fields: ['cats'] }, 'Nothing was dropped: there is no field "cats"; write it like "Query.users".'],
      [
        { types: ['Cat'], fields: ['Query.dogs'] },
        'Nothing was dropped: there is no field "Query.dogs"; write it like "Query.users".',
      ],
      [
        { fields: ['Query.cats.name'] },
        'Nothing was dropped: there is no field "Query.cats.name"; write it like "Query.users".',
      ],
      [{}, 'Nothing was dropped: nothing is named. Give "everything", or types, entities, fields, tables.'],
      [
        { type: ['Cat'] },
        'Nothing was dropped: there is no "type". Give "everything", or types, entities, fields, tables.',
      ],
    ])('is a TypeError where it has no such name: %j', async (what, message) => {
      const { invalidate, kept } = await startZoo(start);
      await expect(invalidate(what as Invalidation)).rejects.toThrow(new TypeError(message));
      expect(await kept()).toEqual(all);
    });

    it('is a TypeError for resolvers as well', async () => {
      const { url, kept } = await startZoo(start);
      for (const wrong of ['type: "Cats"', 'field: "Query.dogs"', 'type: "Cat", field: "Cat.age"']) {
        expect((await ask(url, `mutation { drop(${wrong}) }`)).body.data).toEqual({ drop: false });
      }
      expect(await kept()).toEqual(all);
    });
  });
});
