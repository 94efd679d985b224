import { describe, expect, it } from 'vitest';
import { codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { denied } from '../limits/invalid-requests/invalid.ts';
import { apolloManifest, askBy, extensionsOf, openManifest, sha256, ways } from './documents.ts';

const typeDefs = `
  type Query { one: Int @cacheControl(maxAge: 60) self: Query }
  type Mutation { add: Int }
`;
const resolvers = { Query: { one: () => 1, self: () => ({}) }, Mutation: { add: () => 7 } };
const text = 'query One { one }';
const other = '{ one other: one }';
const mutation = 'mutation Add { add }';
const required = 'TRUSTED_DOCUMENT_REQUIRED';
const one = { data: { one: 1 } };

/** The same document under its id, as each generator writes it. */
const manifests = {
  'an object by SHA-1, as GraphQL Codegen writes it': { id: 'a81bb1', content: { a81bb1: text } },
  'an object by SHA-256, as GraphQL Codegen writes it': {
    id: `sha256:${sha256(text)}`,
    content: { [`sha256:${sha256(text)}`]: text },
  },
  'an object by MD5, as Relay writes it': {
    id: '39d8b6f3a7d6a1d0b6f0e4ad2e6d1c11',
    content: { '39d8b6f3a7d6a1d0b6f0e4ad2e6d1c11': text },
  },
  'a list, as Apollo writes it': { id: sha256(text), content: apolloManifest({ [sha256(text)]: text }) },
  'a list with ids of its own': { id: 'One-1.0', content: apolloManifest({ 'One-1.0': text }) },
};

describeEngines((start) => {
  const open = (content: object, env: Record<string, string> = {}) =>
    start({ typeDefs, resolvers, env: { TRUSTED_DOCUMENTS: openManifest(content).path, ...env } });

  describe.each(Object.entries(manifests))('a trusted document in %s', (_, { id, content }) => {
    it.each(ways)('is run by %s by its id, by its hash and by its text', async (method) => {
      const { url } = await open(content);
      const hash = sha256(text);
      const named = [
        { documentId: id },
        { documentId: `sha256:${hash}` },
        { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
        { extensions: { persistedQuery: { version: 1, sha256Hash: id } } },
        { query: text },
        { query: text, documentId: id },
        { query: text, extensions: extensionsOf(text) },
      ];
      for (const params of named) expect((await askBy(method, url, params)).body).toEqual(one);
    });
  });

  describe.each(ways)('where trusted documents are the only ones, by %s', (method) => {
    const askOnly = async (params: Record<string, unknown>, headers = {}) => {
      const { url } = await open({ One: text });
      return askBy(method, url, params, headers);
    };

    it.each([
      ['another text', { query: other }],
      ['a text that does not parse', { query: '{' }],
      ['a text that differs in white space', { query: `${text} ` }],
      ['the introspection', { query: '{ __schema { types { name } } }' }],
      ['an unknown id', { documentId: 'Two' }],
      ['an unknown hash', { extensions: extensionsOf(other) }],
      ['another text with its hash', { query: other, extensions: extensionsOf(other) }],
    ])('%s is refused, and says where what is trusted comes from', async (_, params) => {
      const { status, body } = await askOnly(params);
      expect({ status, codes: codes(body) }).toEqual({ status: 200, codes: [required] });
      expect(body.errors?.[0]?.message).toContain('TRUSTED_DOCUMENTS');
      const strict = await askOnly(params, { accept: 'application/graphql-response+json' });
      expect({ status: strict.status, codes: codes(strict.body) }).toEqual({
        status: 400,
        codes: [required],
      });
    });

    it('a refused one counts as an invalid request', async () => {
      const { url } = await open({ One: text }, { INVALID_REQUEST_LIMIT: '1 per minute' });
      const found = [];
      for (let n = 0; n < 2; n += 1) found.push(...codes((await askBy(method, url, { query: other })).body));
      expect(found).toEqual([required, denied]);
      expect((await askBy(method, url, { documentId: 'One' })).body).toEqual(one);
    });

    it('an id is refused that comes with the text of another', async () => {
      const { status, body } = await askOnly({ query: other, documentId: 'One' });
      expect({ status, codes: codes(body) }).toEqual({ status: 400, codes: ['BAD_REQUEST'] });
    });

    it('nothing can be registered', async () => {
      const { url } = await open({ One: text });
      await askBy(method, url, { query: other, extensions: extensionsOf(other) });
      expect(codes((await askBy(method, url, { extensions: extensionsOf(other) })).body)).toEqual([required]);
    });
  });

  describe.each(ways)('where trusted documents are preferred, by %s', (method) => {
    const prefer = { TRUSTED_DOCUMENTS_MODE: 'prefer' };

    it('other texts run, and are registered', async () => {
      const { url } = await open({ One: text }, prefer);
      const answer = { data: { one: 1, other: 1 } };
      expect((await askBy(method, url, { query: other, extensions: extensionsOf(other) })).body).toEqual(
        answer,
      );
      expect((await askBy(method, url, { extensions: extensionsOf(other) })).body).toEqual(answer);
      expect((await askBy(method, url, { documentId: 'One' })).body).toEqual(one);
    });

    it('with APQ off, other texts run and are not registered: a client is asked for each', async () => {
      const { url } = await open({ One: text }, { ...prefer, APQ: 'off' });
      const unknown = { extensions: extensionsOf(other) };
      expect(codes((await askBy(method, url, unknown)).body)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
      expect((await askBy(method, url, { query: other, ...unknown })).body).toEqual({
        data: { one: 1, other: 1 },
      });
      expect(codes((await askBy(method, url, unknown)).body)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
      const wrong = await askBy(method, url, { query: '{ one }', ...unknown });
      expect(codes(wrong.body)).toEqual(['BAD_REQUEST']);
      expect((await askBy(method, url, { extensions: extensionsOf(text) })).body).toEqual(one);
    });
  });

  describe('a trusted document', () => {
    it('has no bounds, which the same text has where it is not trusted', async () => {
      const large = `{ ${Array.from({ length: 6000 }, (_, n) => `a${n}: __typename`).join(' ')} }`;
      const { url } = await open({ Large: large }, { TRUSTED_DOCUMENTS_MODE: 'prefer' });
      expect(codes((await send(url, { query: large.replace('a0:', 'b0:') })).body)).toEqual([
        'DOCUMENT_TOO_LARGE',
      ]);
      for (const params of [{ documentId: 'Large' }, { query: large }]) {
        const { body } = await send(url, params);
        expect(Object.keys(body.data ?? {})).toHaveLength(6000);
      }
    });

    it('is charged as any other, and found in the cache', async () => {
      const { url } = await open({ One: text }, { TRUSTED_DOCUMENTS_MODE: 'prefer' });
      await send(url, { query: 'query One { one }  # the same, but for this' });
      const { headers } = await send(url, { documentId: 'One' });
      expect(headers.get('cache-status')).toMatch(/^sluice; hit/);
      expect(headers.get('etag')).not.toBeNull();
    });

    it('is one of several operations by its name', async () => {
      const { url } = await open({ Two: 'query A { one } query B { b: one }' });
      expect((await send(url, { documentId: 'Two', operationName: 'B' })).body).toEqual({ data: { b: 1 } });
      expect(codes((await send(url, { documentId: 'Two' })).body)).toEqual(['OPERATION_RESOLUTION_FAILURE']);
    });

    it('is no way to run a mutation by GET', async () => {
      const { url } = await open({ Add: mutation });
      expect((await send(url, { documentId: 'Add' })).body).toEqual({ data: { add: 7 } });
      expect((await askBy('GET', url, { documentId: 'Add' })).status).toBe(405);
    });

    it('stands in a batch beside what is refused', async () => {
      const { url } = await open({ One: text });
      const { body } = await send(url, [{ documentId: 'One' }, { query: other }]);
      expect(body).toMatchObject([one, { errors: [{ extensions: { code: required } }] }]);
    });

    it('has an id that is a string, in a URL once', async () => {
      const { url } = await open({ One: text });
      const { status, body } = await send(url, { documentId: 7 });
      expect({ status, codes: codes(body) }).toEqual({ status: 400, codes: ['BAD_REQUEST'] });
      const twice = await fetch(`${url}/graphql?documentId=One&documentId=One`);
      expect(await twice.json()).toMatchObject({
        errors: [{ message: 'The parameter "documentId" stands in the URL twice. Send it once.' }],
      });
    });

    it('is not found by what every object has', async () => {
      const { url } = await open({ One: text });
      for (const documentId of ['constructor', '__proto__', 'toString', 'x'.repeat(100_000)]) {
        const { body, headers } = await send(url, { documentId });
        expect(codes(body)).toEqual([required]);
        expect(Number(headers.get('content-length'))).toBeLessThan(500);
      }
    });
  });
});
