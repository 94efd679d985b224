import { describe, expect, it } from 'vitest';
import { type Body, codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { askBy, extensionsOf, notFound, registering } from './documents.ts';

const text = '{ one }';
const extensions = extensionsOf(text);

describeEngines((start) => {
  const open = (env: Record<string, string> = {}) => start({ ...registering, env });

  describe('an automatic persisted query', () => {
    it('is no way to run a mutation by GET', async () => {
      const { url } = await open();
      const query = 'mutation { add }';
      expect((await send(url, { query, extensions: extensionsOf(query) })).body).toEqual({
        data: { add: 7 },
      });
      const { status, headers } = await askBy('GET', url, { extensions: extensionsOf(query) });
      expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'POST' });
    });

    it('is not modified, by GET, where the client has the answer', async () => {
      const { url } = await open();
      await send(url, { query: text, extensions });
      const { headers } = await askBy('GET', url, { extensions });
      expect(headers.etag).toMatch(/^"/);
      const path = `/graphql?${new URLSearchParams({ extensions: JSON.stringify(extensions) }).toString()}`;
      const response = await fetch(url + path, { headers: { 'if-none-match': headers.etag ?? '' } });
      expect(response.status).toBe(304);
    });

    it('stands in a batch beside others, each with what becomes of it', async () => {
      const { url } = await open();
      await send(url, { query: text, extensions });
      const unknown = extensionsOf('{ unknown: one }');
      const { body } = await send(url, [
        { extensions },
        { extensions: unknown },
        { query: '{ plus(n: 1) }' },
      ]);
      expect(body).toEqual([{ data: { one: 1 } }, { errors: notFound }, { data: { plus: 2 } }]);
    });

    it('tolerates entries that clients add to the extension', async () => {
      const { url } = await open();
      const withMore = { persistedQuery: { ...extensions.persistedQuery, miss: true } };
      expect((await send(url, { query: text, extensions: withMore })).body).toEqual({ data: { one: 1 } });
      expect((await send(url, { extensions: withMore })).body).toEqual({ data: { one: 1 } });
    });

    it('is null where a client has none: the text is run', async () => {
      const { url } = await open();
      const params = { query: text, documentId: null, extensions: { persistedQuery: null } };
      expect((await send(url, params)).body).toEqual({ data: { one: 1 } });
    });

    it('names one document: documentId and the extension are not for one request', async () => {
      const { url } = await open();
      const { status, body } = await send(url, { documentId: 'a', extensions });
      expect({ status, codes: codes(body) }).toEqual({ status: 400, codes: ['BAD_REQUEST'] });
      expect(body.errors?.[0]?.message).toMatch(/named twice/);
    });

    it('runs a text with an id of the client, which says nothing of the text', async () => {
      const { url } = await open();
      expect((await send(url, { query: text, documentId: 'One' })).body).toEqual({ data: { one: 1 } });
      const { body } = await send(url, { documentId: 'One' });
      expect(body).toMatchObject({
        errors: [
          {
            message: 'There is no document "One". Send its text as "query".',
            extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
          },
        ],
      } satisfies Partial<Body>);
    });

    it('is not kept where one is longer than a sixty-fourth of APQ_BYTES', async () => {
      const { url } = await open({ APQ_BYTES: '65536' });
      const long = `{ one } ${'#'.repeat(1024)}`;
      expect((await send(url, { query: long, extensions: extensionsOf(long) })).body).toEqual({
        data: { one: 1 },
      });
      expect((await send(url, { extensions: extensionsOf(long) })).body.errors).toEqual(notFound);
    });
  });
});
