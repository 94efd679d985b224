import { describe, expect, it, vi } from 'vitest';
import { codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { createLog } from '../../support/log.ts';
import { apolloManifest, type ManifestFile, openManifest, sha256 } from './documents.ts';

const typeDefs = 'type Query { one: Int two: Int }';
const resolvers = { Query: { one: () => 1, two: () => 2 } };
const patience = { timeout: 10_000, interval: 20 };
const otherHash = `sha256:${sha256('{ two }')}`;

const wrong: readonly (readonly [title: string, content: object | string, message: RegExp])[] = [
  ['is not JSON', '{"A": "{ one', /is wrong\.\nIt is not JSON: /],
  ['is a list', [], /It is a list\. Write an object of texts by their ids/],
  ['has an entry that is no text', { A: '{ one }', B: 7 }, /The entry "B" is a number, not the text/],
  ['has an id twice', '{"A":"{ one }","B":"{ two }","A":"{ two }"}', /The id "A" stands for two documents/],
  ['has an entry without an id', { '': '{ one }' }, /An entry has no id/],
  ['has a document that does not parse', { A: '{ one }', B: '{ two' }, /"B": it does not parse: .*line 1/],
  [
    'has one that is not valid',
    { A: '{ nothing }' },
    /"A": it is not valid for the schema: Cannot query field "nothing"/,
  ],
  ['has one without an operation', { A: 'fragment F on Query { one }' }, /"A": it has no operation/],
  [
    'has an id that is the hash of another text',
    { [otherHash]: '{ one }' },
    /its text has another hash, sha256:/,
  ],
  [
    'has an id that another finds by its hash',
    { [sha256('{ one }')]: '{ two }', B: '{ one }' },
    /"B": its id is the hash of another text/,
  ],
  [
    'is of another format',
    { format: 'other', operations: [] },
    /Its "format" is "other"; it must be "apollo-/,
  ],
  ['is of another version', { ...apolloManifest({}), version: 2 }, /Its "version" is 2; it must be 1/],
  ['has no list', { ...apolloManifest({}), operations: {} }, /Its "operations" are an object, not a list/],
  [
    'has an operation that is none',
    { ...apolloManifest({}), operations: [7] },
    /operations\[0\] is a number/,
  ],
  [
    'has an operation without an id',
    { ...apolloManifest({}), operations: [{ body: '{ one }' }] },
    /operations\[0\] has nothing for its "id"/,
  ],
  [
    'has an operation without a body',
    { ...apolloManifest({}), operations: [{ id: 'A' }] },
    /operations\[0\], "A", has nothing for its "body"/,
  ],
  [
    'has an id for two clients with two documents',
    {
      ...apolloManifest({}),
      operations: [
        { id: 'A', body: '{ one }', clientName: 'web' },
        { id: 'A', body: '{ two }', clientName: 'ios' },
      ],
    },
    /The id "A" stands for two documents\. .*"clientName"/,
  ],
];

describeEngines((start) => {
  const startWith = (file: ManifestFile, log = createLog().log) =>
    start({ typeDefs, resolvers, log, env: { TRUSTED_DOCUMENTS: file.path } });

  describe('TRUSTED_DOCUMENTS', () => {
    it.each(wrong)('stops the start where it %s', async (_, content, message) => {
      const file = openManifest(content);
      const starting = startWith(file);
      await expect(starting).rejects.toThrow(message);
      await expect(starting).rejects.toThrow(`TRUSTED_DOCUMENTS (${file.path}) cannot be used.\n`);
    });

    it('stops the start where it is missing', async () => {
      const env = { TRUSTED_DOCUMENTS: '/nowhere/documents.json' };
      await expect(start({ typeDefs, resolvers, env })).rejects.toThrow(
        /^TRUSTED_DOCUMENTS \(\/nowhere\/documents\.json\) cannot be used\.\nThe manifest of documents .* cannot be read: ENOENT/,
      );
    });

    it('tells of all documents that are wrong at once, and of ten at most', async () => {
      const texts = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`D${n}`, '{ nothing }']));
      const starting = startWith(openManifest(texts));
      await expect(starting).rejects.toThrow(/"D0": [^]*"D9": [^]*\n… and 2 more\.$/);
      await expect(starting).rejects.not.toThrow(/"D10"/);
    });

    it('has one document for several ids and for several clients', async () => {
      const { url } = await startWith(
        openManifest({
          ...apolloManifest({ B: '{ one }' }),
          operations: [
            { id: 'A', body: '{ one }', clientName: 'web' },
            { id: 'A', body: '{ one }', clientName: 'ios' },
            { id: 'B', body: '{ one }', clientName: null },
          ],
        }),
      );
      for (const documentId of ['A', 'B']) {
        expect((await send(url, { documentId })).body).toEqual({ data: { one: 1 } });
      }
    });

    it('is read again when it changes', async () => {
      const file = openManifest({ One: '{ one }' });
      const { log, lines } = createLog();
      const { url } = await startWith(file, log);
      expect(codes((await send(url, { documentId: 'Two' })).body)).toEqual(['TRUSTED_DOCUMENT_REQUIRED']);
      file.write(apolloManifest({ Two: '{ two }' }));
      await vi.waitFor(async () => {
        expect((await send(url, { documentId: 'Two' })).body).toEqual({ data: { two: 2 } });
      }, patience);
      expect(codes((await send(url, { query: '{ one }' })).body)).toEqual(['TRUSTED_DOCUMENT_REQUIRED']);
      expect(lines).toMatchObject([{ level: 30, documents: 1 }]);
    });

    it.each([
      ['is not JSON', '{"One": "{ o'],
      ['has a document that is not valid', { One: '{ one }', Two: '{ nothing }' }],
    ])('leaves what was trusted before while it %s, says so once, and recovers', async (_, content) => {
      const file = openManifest({ One: '{ one }' });
      const { log, lines } = createLog();
      const { url } = await startWith(file, log);
      file.write(content);
      await vi.waitFor(() => {
        expect(lines).toHaveLength(1);
      }, patience);
      expect(lines).toMatchObject([{ level: 50, msg: expect.stringContaining(file.path) as string }]);
      expect(lines[0]?.msg).toContain('\nThe documents that were trusted before stay so.');
      expect((await send(url, { documentId: 'One' })).body).toEqual({ data: { one: 1 } });
      file.write({ Two: '{ two }' });
      await vi.waitFor(() => {
        expect(lines).toHaveLength(2);
      }, patience);
      expect((await send(url, { documentId: 'Two' })).body).toEqual({ data: { two: 2 } });
    });
  });
});
