import { generate } from '@graphql-codegen/cli';
import { preset } from '@graphql-codegen/client-preset';
import { describe, expect, it } from 'vitest';
import { send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { askBy, openManifest } from './documents.ts';

const typeDefs = 'type Query { plus(n: Int!): Int }';
const resolvers = { Query: { plus: (_: unknown, { n }: { n: number }) => n + 1 } };
const document = '\n  query Plus($n: Int!) {\n    ...Rest\n  }\n  fragment Rest on Query { plus(n: $n) }\n';

/** What the client preset writes for a document, with a manifest of it. */
async function generated(hashAlgorithm: 'sha1' | 'sha256'): Promise<string> {
  const files = (await generate(
    {
      schema: typeDefs,
      documents: document,
      silent: true,
      generates: { 'gql/': { preset, presetConfig: { persistedDocuments: { hashAlgorithm } } } },
    },
    false,
  )) as readonly { readonly filename: string; readonly content: string }[];
  const manifest = files.find(({ filename }) => filename.endsWith('persisted-documents.json'));
  if (manifest === undefined)
    throw new Error(`Codegen wrote ${files.map(({ filename }) => filename).join()}.`);
  return manifest.content;
}

describeEngines((start) => {
  describe("the manifest of GraphQL Codegen's client preset", () => {
    it.each(['sha1', 'sha256'] as const)('is trusted with ids by %s', async (algorithm) => {
      const manifest = await generated(algorithm);
      const [documentId = ''] = Object.keys(JSON.parse(manifest) as object);
      expect(documentId).toMatch(algorithm === 'sha256' ? /^sha256:/ : /^[\da-f]{40}$/);
      const { url } = await start({
        typeDefs,
        resolvers,
        env: { TRUSTED_DOCUMENTS: openManifest(manifest).path },
      });
      const answer = { data: { plus: 5 } };
      expect((await send(url, { documentId, variables: { n: 4 } })).body).toEqual(answer);
      expect((await askBy('GET', url, { documentId, variables: { n: 4 } })).body).toEqual(answer);
    });
  });
});
