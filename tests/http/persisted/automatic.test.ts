import { describe, expect, it } from 'vitest';
import { codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { denied } from '../limits/invalid-requests/invalid.ts';
import { askBy, extensionsOf, notFound, registering, sha256, ways } from './documents.ts';

const text = '{ one }';
const extensions = extensionsOf(text);
const notSupported = [
  { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
];
const graphqlResponse = { accept: 'application/graphql-response+json' };

describeEngines((start) => {
  const open = (env: Record<string, string> = {}) => start({ ...registering, env });

  describe.each(ways)('an automatic persisted query by %s', (method) => {
    it.each([{}, graphqlResponse])(
      'is not found before its text was sent, with 200 for %j',
      async (accept) => {
        const { url } = await open();
        const { status, headers, body } = await askBy(method, url, { extensions }, accept);
        expect({ status, body }).toEqual({ status: 200, body: { errors: notFound } });
        expect(headers['cache-control']).toBe('no-store');
      },
    );

    it('is found by its hash alone once it was sent with its text', async () => {
      const { url } = await open();
      expect((await askBy(method, url, { query: text, extensions })).body).toEqual({ data: { one: 1 } });
      expect((await askBy(method, url, { extensions })).body).toEqual({ data: { one: 1 } });
    });

    it('is found by documentId as well', async () => {
      const { url } = await open();
      await askBy(method, url, { query: text, documentId: `sha256:${sha256(text)}` });
      const { body } = await askBy(method, url, { documentId: `sha256:${sha256(text)}` });
      expect(body).toEqual({ data: { one: 1 } });
      expect((await askBy(method, url, { extensions })).body).toEqual({ data: { one: 1 } });
    });

    it('takes variables and the name of the operation', async () => {
      const { url } = await open();
      const query = 'query A($n: Int!) { plus(n: $n) } query B { one }';
      await send(url, { query, operationName: 'B', extensions: extensionsOf(query) });
      const asked = { operationName: 'A', variables: { n: 4 }, extensions: extensionsOf(query) };
      expect((await askBy(method, url, asked)).body).toEqual({ data: { plus: 5 } });
    });

    it('is refused where the hash is that of another text, and found by neither then', async () => {
      const { url } = await open();
      const { status, body } = await askBy(method, url, { query: '{ plus(n: 1) }', extensions });
      expect(status).toBe(400);
      expect(body.errors).toEqual([
        { message: 'provided sha does not match query', extensions: { code: 'BAD_REQUEST' } },
      ]);
      expect((await askBy(method, url, { extensions })).body.errors).toEqual(notFound);
    });

    it.each([
      ['does not parse', '{'],
      ['is not valid', '{ nothing }'],
      ['asks for too much', `{ ${'one '.repeat(6000)} }`],
    ])('is not kept where its text %s', async (_, query) => {
      const { url } = await open();
      expect(codes((await send(url, { query, extensions: extensionsOf(query) })).body)).toHaveLength(1);
      const { body } = await askBy(method, url, { extensions: extensionsOf(query) });
      expect(body.errors).toEqual(notFound);
    });

    it('is not supported where APQ is off, with or without its text', async () => {
      const { url } = await open({ APQ: 'off' });
      for (const params of [{ extensions }, { query: text, extensions }]) {
        const { status, body } = await askBy(method, url, params);
        expect({ status, body }).toEqual({ status: 200, body: { errors: notSupported } });
      }
      expect((await askBy(method, url, { query: text })).body).toEqual({ data: { one: 1 } });
    });

    it.each([
      ['of another version', { version: 2, sha256Hash: sha256(text) }, 'Unsupported persisted query version'],
      ['without a hash', { version: 1 }, /"extensions.persistedQuery.sha256Hash" must be a string/],
      ['that is a list of hashes', { version: 1, sha256Hash: [] }, /must be a string/],
      ['that is a text', 'x', /"extensions.persistedQuery" must be a JSON object/],
    ])('is refused %s', async (_, persistedQuery, message) => {
      const { url } = await open();
      const { status, body } = await askBy(method, url, { extensions: { persistedQuery } });
      expect({ status, codes: codes(body) }).toEqual({ status: 400, codes: ['BAD_REQUEST'] });
      expect(body.errors?.[0]?.message).toMatch(message);
    });

    it.each(['constructor', '__proto__', '', 'x'.repeat(100_000), sha256(text).toUpperCase()])(
      'is not found by what is no hash',
      async (sha256Hash) => {
        const { url } = await open();
        await send(url, { query: text, extensions });
        // Longer ones fit into no URL.
        const by = sha256Hash.length > 1000 ? 'POST' : method;
        const { body } = await askBy(by, url, { extensions: { persistedQuery: { version: 1, sha256Hash } } });
        expect(body.errors).toEqual(notFound);
      },
    );

    it('counts as an invalid request where it is not found', async () => {
      const { url } = await open({ INVALID_REQUEST_LIMIT: '1 per minute' });
      expect(codes((await askBy(method, url, { extensions })).body)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
      const { status, body } = await askBy(method, url, { extensions });
      expect({ status, codes: codes(body) }).toEqual({ status: 429, codes: [denied] });
    });

    it('counts as an invalid request where its hash is wrong', async () => {
      const { url } = await open({ INVALID_REQUEST_LIMIT: '1 per minute' });
      const found = [];
      for (let count = 0; count < 2; count += 1) {
        found.push(...codes((await askBy(method, url, { query: '{ plus(n: 1) }', extensions })).body));
      }
      expect(found).toEqual(['BAD_REQUEST', denied]);
    });

    it('is charged and kept like its text: what one has put into the cache, the other finds', async () => {
      const { url } = await open();
      await send(url, { query: text, extensions });
      const { headers, text: answer } = await askBy(method, url, { extensions });
      expect(headers['cache-status']).toMatch(/^sluice; hit/);
      expect(JSON.parse(answer)).toEqual({ data: { one: 1 } });
    });
  });
});
