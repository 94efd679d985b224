import { describe, expect, it } from 'vitest';
import { startOn } from '../../support/describe-engines.ts';
import { extensionsOf, openManifest, requestOf, ways } from './documents.ts';

async function* countTo(end: number) {
  for (let count = 1; count <= end; count += 1) yield await Promise.resolve({ count });
}

const typeDefs = `
  type Query { one: Int }
  type Subscription { count(to: Int!): Int }
  type Mutation { upload(file: Upload!): String }
  scalar Upload
`;
const resolvers = {
  Query: { one: () => 1 },
  Subscription: { count: { subscribe: (_: unknown, { to }: { to: number }) => countTo(to) } },
  Mutation: { upload: (_: unknown, { file }: { file: File }) => file.text() },
};
const text = 'subscription Count($to: Int!) { count(to: $to) }';
const uploading = 'mutation Upload($file: Upload!) { upload(file: $file) }';

describe('on Yoga an event stream', () => {
  const start = startOn('yoga');
  const open = (env: Record<string, string> = {}) => start({ typeDefs, resolvers, env });

  const events = async (url: string, method: (typeof ways)[number], params: Record<string, unknown>) => {
    const { path = '/graphql', headers, body } = requestOf(method, params, { accept: 'text/event-stream' });
    const init = { method, headers: { ...headers }, ...(typeof body === 'string' && { body }) };
    const response = await fetch(url + path, init);
    return (await response.text())
      .split('\n')
      .filter((line) => line.startsWith('data: {'))
      .map((line) => JSON.parse(line.slice('data: '.length)) as unknown);
  };
  const counted = [{ data: { count: 1 } }, { data: { count: 2 } }];
  const variables = { to: 2 };

  describe.each(ways)('asked for by %s', (method) => {
    it('is of a trusted document by its id', async () => {
      const { url } = await open({ TRUSTED_DOCUMENTS: openManifest({ Count: text }).path });
      expect(await events(url, method, { documentId: 'Count', variables })).toEqual(counted);
    });

    it('is of a registered document by its hash', async () => {
      const { url } = await open();
      const extensions = extensionsOf(text);
      expect(await events(url, method, { extensions, variables })).toMatchObject([
        {
          errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
        },
      ]);
      expect(await events(url, method, { query: text, extensions, variables })).toEqual(counted);
      expect(await events(url, method, { extensions, variables })).toEqual(counted);
    });

    it('is of no text that is not trusted, where only those are', async () => {
      const { url } = await open({ TRUSTED_DOCUMENTS: openManifest({ Count: text }).path });
      expect(await events(url, method, { query: `${text} `, variables })).toMatchObject([
        { errors: [{ extensions: { code: 'TRUSTED_DOCUMENT_REQUIRED' } }] },
      ]);
      expect(await events(url, method, { query: text, variables })).toEqual(counted);
    });
  });

  it('is within the bounds of documents, unless its document is trusted', async () => {
    const large = `{ ${Array.from({ length: 6000 }, (_, n) => `a${n}: one`).join(' ')} }`;
    const { url } = await open({
      TRUSTED_DOCUMENTS: openManifest({ Large: large }).path,
      TRUSTED_DOCUMENTS_MODE: 'prefer',
    });
    expect(await events(url, 'POST', { query: `${large} ` })).toMatchObject([
      { errors: [{ extensions: { code: 'DOCUMENT_TOO_LARGE' } }] },
    ]);
    expect(await events(url, 'POST', { documentId: 'Large' })).toMatchObject([{ data: { a5999: 1 } }]);
  });

  it('is an upload by a name as well, and by nothing else where only trusted documents are run', async () => {
    const { url } = await open({ TRUSTED_DOCUMENTS: openManifest({ Upload: uploading }).path });
    const upload = async (params: Record<string, unknown>) => {
      const form = new FormData();
      form.set('operations', JSON.stringify({ ...params, variables: { file: null } }));
      form.set('map', JSON.stringify({ 0: ['variables.file'] }));
      form.set('0', new Blob(['x']), 'a.txt');
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        body: form,
        headers: { accept: 'application/json', 'graphql-preflight': '1' },
      });
      return (await response.json()) as unknown;
    };
    expect(await upload({ documentId: 'Upload' })).toEqual({ data: { upload: 'x' } });
    expect(await upload({ query: uploading.replace('Upload(', 'Other(') })).toMatchObject({
      errors: [{ extensions: { code: 'TRUSTED_DOCUMENT_REQUIRED' } }],
    });
  });
});
