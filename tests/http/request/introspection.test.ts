import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { TestAppOptions } from '../../support/app.ts';
import { ask, askByGet, type Body, codes, send } from '../../support/client.ts';
import { describeEngines, startOn } from '../../support/describe-engines.ts';

const off: TestAppOptions = { env: { INTROSPECTION: 'off' } };
const strict = { accept: 'application/graphql-response+json' };

const asking: readonly (readonly [title: string, query: string])[] = [
  ['the introspection query', getIntrospectionQuery()],
  ['one type', '{ __type(name: "User") { name } }'],
  ['the schema under another name', '{ products: __schema { types { name } } }'],
  [
    'the schema in fragments',
    '{ ...F } fragment F on Query { ... { ...G } } fragment G on Query { __schema { types { name } } }',
  ],
  [
    'the schema unless a variable says so',
    'query ($no: Boolean = true) { __schema @skip(if: $no) { types { name } } }',
  ],
];

/** What graphql-js ends with the names that are like a wrong one. */
const wrong: readonly (readonly [title: string, query: string, variables: Record<string, unknown>])[] = [
  ['a field', '{ prodcts { id } }', {}],
  ['an argument', '{ products(firs: 1) { id } }', {}],
  ['a type', 'query ($n: In) { products(first: $n) { id } }', {}],
  ['a fragment on a type', '{ products { ... on Prodct { id } } }', {}],
  ['a field of an input', 'mutation { createUser(input: { nme: "a" }) { id } }', {}],
  [
    'a field of a variable',
    'mutation ($i: CreateUserInput!) { createUser(input: $i) { id } }',
    { i: { name: 'a', email: 'a@b.example', password: '0123456789', nme: 'Did you mean "this"?' } },
  ],
];

function messagesOf({ errors = [] }: Body): string {
  return errors.map(({ message }) => message).join('\n');
}

function withoutMessages({ errors = [] }: Body): unknown[] {
  return errors.map((error) => ({ ...error, message: undefined }));
}

describeEngines((start) => {
  describe('without a setting, introspection', () => {
    it('is open to everybody, and suggestions are made', async () => {
      const { url } = await start();
      expect((await ask(url, getIntrospectionQuery())).body).toHaveProperty('data.__schema');
      expect(messagesOf((await ask(url, '{ prodcts { id } }')).body)).toContain('Did you mean "products"');
    });
  });

  describe('with INTROSPECTION=off', () => {
    it.each(asking)('nobody is told of %s', async (_, query) => {
      const { url } = await start(off);
      for (const { status, body } of [
        await ask(url, query, { headers: strict }),
        await askByGet(url, { query }, strict),
      ]) {
        expect(status).toBe(400);
        expect(body).not.toHaveProperty('data');
        expect(body.errors).toMatchObject([
          {
            message: expect.stringMatching(
              /^Introspection is disabled, and the operation asks for "__(schema|type)"\.$/,
            ) as string,
            locations: [{ line: expect.any(Number) as number, column: expect.any(Number) as number }],
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED', validationErrorCode: 'INTROSPECTION_DISABLED' },
          },
        ]);
      }
    });

    it('an operation is run that has introspection only beside it, and types are named', async () => {
      const { url } = await start(off);
      const query = 'query A { __typename } query B { __schema { types { name } } }';
      const { body } = await send(url, { query, operationName: 'A' });
      expect(body).toEqual({ data: { __typename: 'Query' } });
    });

    it('asking for it counts as an invalid request', async () => {
      const { url } = await start({ env: { INTROSPECTION: 'off', INVALID_REQUEST_LIMIT: '2 per minute' } });
      const found = [];
      for (let count = 0; count < 3; count += 1)
        found.push(...codes((await ask(url, '{ __schema { types { name } } }')).body));
      expect(found).toEqual(['GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'RATE_LIMITED']);
    });

    it.each(wrong)(
      'no names are told that are like %s, however often and by whomever it is asked',
      async (_, query, variables) => {
        const { url, by } = await start({ ...off, keys: { operator: ['ADMIN'], other: ['PAID'] } });
        const toOperator = await ask(url, query, { variables, headers: by.operator });
        expect(messagesOf(toOperator.body)).toMatch(/ Did you mean (the )?"\w+"/);
        const told = messagesOf(toOperator.body).replaceAll(/ Did you mean ("\w+"(, | or )?)+\?$/gm, '');
        for (const headers of [{}, by.other, {}]) {
          const { body } = await ask(url, query, { variables, headers });
          expect(messagesOf(body)).toBe(told);
          expect(withoutMessages(body)).toEqual(withoutMessages(toOperator.body));
        }
      },
    );

    it('callers of the tier ADMIN may introspect, and no others', async () => {
      const { url, by } = await start({ ...off, keys: { operator: ['ADMIN'], other: ['PAID'] } });
      const query = '{ __schema { queryType { name } } }';
      expect((await ask(url, query, { headers: by.operator })).body).toEqual({
        data: { __schema: { queryType: { name: 'Query' } } },
      });
      expect(codes((await ask(url, query, { headers: by.other })).body)).toEqual([
        'GRAPHQL_VALIDATION_FAILED',
      ]);
    });

    it('those of INTROSPECTION_TIERS may instead', async () => {
      const env = { INTROSPECTION: 'off', INTROSPECTION_TIERS: 'PAID' };
      const { url, by } = await start({ env, keys: { operator: ['ADMIN'], other: ['PAID'] } });
      const query = '{ __schema { queryType { name } } }';
      expect((await ask(url, query, { headers: by.other })).body).toHaveProperty('data.__schema');
      expect(codes((await ask(url, query, { headers: by.operator })).body)).toEqual([
        'GRAPHQL_VALIDATION_FAILED',
      ]);
    });
  });
});

describe('on Yoga with INTROSPECTION=off', () => {
  const start = startOn('yoga');

  const asked = [
    ['the schema', '{ __schema { types { name } } }', 'Introspection is disabled'],
    ['a field that is not there', '{ prodcts { id } }', 'Cannot query field'],
  ] as const;

  it.each(asked)('nobody is told of %s by an event stream', async (_, query, told) => {
    const { url } = await start(off);
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    expect(text).toContain(told);
    expect(text).not.toContain('Did you mean');
    expect(text).not.toContain('"data":{');
  });

  it.each(asked)('nobody is told of %s by an upload', async (_, query, told) => {
    const { url } = await start(off);
    const form = new FormData();
    form.set('operations', JSON.stringify({ query }));
    form.set('map', '{}');
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      body: form,
      headers: { accept: 'application/json', 'graphql-preflight': '1' },
    });
    const text = await response.text();
    expect(text).toContain(told);
    expect(text).not.toContain('Did you mean');
    expect(text).not.toContain('"data":{');
  });
});
