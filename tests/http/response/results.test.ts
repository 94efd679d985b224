import { describe, expect, it } from 'vitest';
import { ask, askAll, askByGet, send, sendPlain } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { goodRequests } from '../../support/good-requests.ts';
import { post } from '../../support/requests.ts';

const byId = 'query Find($id: ID!) { product(id: $id) { name price } }';
const butter = { product: { name: 'Amul Butter', price: 50 } };

describeEngines((start) => {
  describe('an operation', () => {
    it('is answered by POST with its variables', async () => {
      const { url } = await start();
      const { status, body } = await ask(url, byId, { variables: { id: 1 } });
      expect({ status, body }).toEqual({ status: 200, body: { data: butter } });
    });

    it('is answered by GET with its variables', async () => {
      const { url } = await start();
      const { status, body } = await askByGet(url, { query: byId, variables: '{"id":"1"}' });
      expect({ status, body }).toEqual({ status: 200, body: { data: butter } });
    });

    it.each(['POST', 'GET'])('is chosen by its name by %s', async (method) => {
      const { url } = await start();
      const query = 'query A { a: __typename } query B { b: __typename }';
      const { body } =
        method === 'GET'
          ? await askByGet(url, { query, operationName: 'B' })
          : await send(url, { query, operationName: 'B' });
      expect(body).toEqual({ data: { b: 'Query' } });
    });

    it('may use aliases, fragments and __typename', async () => {
      const { url } = await start();
      const query = `
        query { first: product(id: 1) { ...Named } all: products(first: 1) { ... on Product { ...Named } } }
        fragment Named on Product { __typename called: name }
      `;
      const named = { __typename: 'Product', called: 'Amul Butter' };
      expect((await ask(url, query)).body).toEqual({ data: { first: named, all: [named] } });
    });

    it('that finds nothing is answered with null, and an error where one is declared', async () => {
      const { url } = await start();
      const { status, body } = await ask(url, '{ user(id: 99) { id } product(id: 99) { id } }');
      expect(status).toBe(200);
      expect(body).toEqual({
        data: { user: null, product: null },
        errors: [
          {
            message: 'Product not found',
            path: ['product'],
            locations: [{ line: 1, column: 23 }],
            extensions: { code: 'NOT_FOUND' },
          },
        ],
      });
    });

    it.each([
      [undefined, 'application/json'],
      ['*/*', 'application/json'],
      ['application/*', 'application/json'],
      ['application/json', 'application/json'],
      ['application/graphql-response+json', 'application/graphql-response+json'],
      ['application/graphql-response+json, application/json;q=0.9', 'application/graphql-response+json'],
      ['application/graphql-response+json;q=0.1, application/json', 'application/json'],
      ['application/json, text/event-stream', 'application/json'],
    ])('with Accept %j is answered as %s', async (accept, mediaType) => {
      const { url } = await start();
      const request = post({ query: '{ __typename }' }, accept === undefined ? {} : { accept });
      const { status, headers, text } = await sendPlain(url, request);
      expect({ status, text }).toEqual({ status: 200, text: '{"data":{"__typename":"Query"}}' });
      expect(headers['content-type']).toBe(`${mediaType}; charset=utf-8`);
      expect(headers['cache-control']).toBe('no-store');
    });

    it.each(goodRequests)('is answered with data: %s', async (_title, request) => {
      const { url } = await start();
      const { status, text } = await sendPlain(url, request);
      const answers = [JSON.parse(text) as unknown].flat();
      expect(status).toBe(200);
      for (const answer of answers) expect(Object.keys(answer as object)).toEqual(['data']);
    });
  });

  describe('a batch', () => {
    it('is answered in its order, with 200 whatever is in it', async () => {
      const { url } = await start();
      const answers = await askAll(url, ['{ a: __typename }', '{', '{ nothing }', '{ b: __typename }']);
      expect(answers).toMatchObject([
        { data: { a: 'Query' } },
        { errors: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }] },
        { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
        { data: { b: 'Query' } },
      ]);
      expect(answers[1]).not.toHaveProperty('data');
    });

    it('holds as many operations as configured', async () => {
      const { url } = await start({ env: { BATCH_LIMIT: '2' } });
      const operation = { query: '{ __typename }' };
      expect((await send(url, [operation, operation])).status).toBe(200);
      expect((await send(url, [operation, operation, operation])).status).toBe(400);
    });
  });
});
