import { GraphQLScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hit, stored } from '../support/cache-status.ts';
import { anonymous, openPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    thing(id: Int): Thing @cacheControl(maxAge: 60)
    things: [Thing] @cacheControl(maxAge: 60)
    deep: Deep @cacheControl(maxAge: 60)
    doc(id: ID): Doc @cacheControl(maxAge: 60)
    costly: Costly @cacheControl(maxAge: 60, level: TTL)
    costlier: Costly @cacheControl(maxAge: 60)
    other: Thing @cacheControl(maxAge: 60)
  }
  type Mutation {
    change(id: Int): Thing
    deepen: Deep
    save(json: JSON): Doc
    echo(json: JSON): JSON
    quiet(json: JSON): Doc @invalidates(entities: false)
    both: Doc
  }
  scalar JSON
  scalar Date
  type Thing { id: Int text: String next: Thing @cacheControl(inheritMaxAge: true) all: [Thing] @cacheControl(inheritMaxAge: true) }
  type Deep { id: ID below: [Deep] @cacheControl(inheritMaxAge: true) }
  type Doc { id: ID json: JSON jsons: [JSON] date: Date owner: Doc @cacheControl(inheritMaxAge: true) }
  type Costly { id: ID @rateLimit(limit: 1) text: String }
`;

/** A value that holds what looks like objects of the schema, and worse. */
const json = {
  __typename: 'Doc',
  id: '2',
  __responseCacheId: '2',
  __responseCacheTypeName: 'Doc',
  nothing: null,
  empty: [],
  owner: null,
  list: [[{ id: null, __typename: 'Doc' }], 1, null],
};

/** Lists in objects in lists, as deep as said. */
function nested(depth: number): unknown {
  return depth === 0 ? 'end' : { children: [nested(depth - 1)] };
}

const date = new Date(Date.UTC(2026, 0, 1));
const thing = (id: unknown) => ({ id, text: 't', next: { id, text: 'n' }, all: [{ id, text: 'a' }, null] });

const open = () =>
  openPipeline(typeDefs, {
    JSON: new GraphQLScalarType({ name: 'JSON' }),
    Date: new GraphQLScalarType({ name: 'Date', serialize: (value) => value }),
    Query: {
      thing: (_: unknown, { id }: { id?: number }) => thing(id ?? null),
      things: () => [thing(0), thing(null), null],
      other: () => thing(5),
      deep: () => deep,
      doc: (_: unknown, { id = '1' }: { id?: string }) => ({
        id,
        json,
        jsons: [json, null],
        date,
        owner: { id: '3' },
      }),
      costly: () => ({ id: '1', text: 't' }),
      costlier: () => ({ id: '1', text: 't' }),
    },
    Mutation: {
      change: (_: unknown, { id }: { id?: number }) => thing(id ?? null),
      deepen: () => deep,
      save: (_: unknown, { json: saved }: { json: unknown }) => ({ id: '1', json: saved, date }),
      quiet: (_: unknown, { json: saved }: { json: unknown }) => ({ id: '1', json: saved }),
      echo: (_: unknown, { json: sent }: { json: unknown }) => sent,
      both: () => ({ id: '1', json, owner: { id: '2' } }),
    },
  });

const deep: object = { id: '1', below: () => [deep] };

describe('a result whose objects are looked for', () => {
  const fields = '{ text next { text all { text next { text } } } all { text } }';

  it.each([
    `{ thing ${fields} }`,
    `{ thing(id: 0) ${fields} }`,
    `{ thing(id: 7) ${fields} things ${fields} }`,
    `mutation { change ${fields} }`,
    `mutation { change(id: 0) ${fields} }`,
    `mutation { a: change(id: 7) ${fields} b: change { ...F } } fragment F on Thing ${fields}`,
  ])('shows nothing of that to clients: %s', async (source) => {
    const api = open();
    for (let n = 0; n < 2; n += 1) {
      const { data, errors } = await api.run(source);
      expect(errors).toBeUndefined();
      expect(JSON.stringify(data)).not.toContain('__');
      expect(JSON.stringify(data)).not.toContain('"id"');
    }
  });

  it.each([
    ['null', ''],
    ['0', '(id: 0)'],
    ['a number', '(id: 7)'],
  ])('sees a change of an object whose id is %s, and asks nobody for the id', async (_title, args) => {
    const api = open();
    for (const [asked, changed] of [
      ['text', 'text'],
      ['id', 'text'],
      ['text', 'id'],
      ['id: text', 'id'],
    ]) {
      const source = `{ thing${args} { ${asked} } }`;
      await api.run(source);
      await api.run(`mutation { change${args} { ${changed} } }`);
      expect((await api.run(source)).cacheStatus).toBe(stored);
    }
  });

  it('has its scalars come out as they are, fresh and kept', async () => {
    const api = open();
    const source = '{ doc { json jsons date owner { json } } }';
    const expected = { doc: { json, jsons: [json, null], date: date.toISOString(), owner: { json: null } } };
    const copy = JSON.stringify(json);
    for (const status of [stored, hit]) {
      const { data, cacheStatus } = await api.run(source);
      expect(JSON.parse(JSON.stringify(data))).toEqual(expected);
      expect(cacheStatus).toBe(status);
    }
    expect(JSON.stringify(json)).toBe(copy);
  });

  it.each([
    'mutation ($json: JSON) { save(json: $json) { json date } }',
    'mutation ($json: JSON) { quiet(json: $json) { json } save(json: $json) { json } }',
    'mutation ($json: JSON) { save(json: $json) { owner: json } }',
    'mutation ($json: JSON) { save(json: $json) { owner: json } both { owner { id } } }',
    'mutation ($json: JSON) { echo(json: $json) both { owner { id } } }',
  ])('has scalars of a mutation come out as they are, and is not misled by them: %s', async (source) => {
    const api = open();
    await api.run('{ doc(id: "9") { id } }');
    const sent = { ...json, deep: nested(40) };
    const { data, errors } = await api.run(source, { variables: { json: sent } });
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).toContain(JSON.stringify(sent));
    // Nor are all objects dropped because of what is null in them, where it can be told.
    const isAmbiguous = source.includes('owner: json') && source.includes('both');
    const isMixed = source.includes('quiet');
    expect((await api.run('{ doc(id: "9") { id } }')).cacheStatus).toBe(
      isAmbiguous || isMixed ? stored : hit,
    );
  });

  it('is searched in no time however deep the lists in it and in its scalars are', async () => {
    const api = open();
    const below = (depth: number): string => (depth === 0 ? '__typename' : `below { ${below(depth - 1)} }`);
    for (const source of [`{ deep { ${below(30)} } }`, `mutation { deepen { ${below(30)} } }`]) {
      expect((await api.run(source)).errors).toBeUndefined();
    }
    const source = '{ deep { below { below { id } } } }';
    await api.run(source);
    await api.run(`mutation { deepen { ${below(8)} } }`);
    expect((await api.run(source)).cacheStatus).toBe(stored);
    const variables = { json: nested(40) };
    const { data } = await api.run('mutation ($json: JSON) { save(json: $json) { json } }', { variables });
    expect(data).toEqual({ save: variables });
  });

  it('does not have clients pay for ids that they have not asked for', async () => {
    const api = open();
    const { data } = await api.run('{ costly { text } other { text } }', { caller: anonymous });
    expect(data).toEqual({ costly: { text: 't' }, other: { text: 't' } });
    expect((await api.run('{ costlier { text } }')).data).toEqual({ costlier: { text: 't' } });
    expect((await api.run('{ costly { id } }', { caller: anonymous })).errors).toBeUndefined();
    expect((await api.run('{ costly { i: id } }', { caller: anonymous })).errors).toHaveLength(1);
  });
});
