import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { describeEngines } from '../../support/describe-engines.ts';
import { apolloManifest, openManifest, sha256 } from './documents.ts';
import { recordingFetch } from './recording-fetch.ts';

const typeDefs = 'type Query { plus(n: Int!): Int } type Mutation { add(n: Int!): Int }';
const plus = (_: unknown, { n }: { n: number }) => n + 1;
const resolvers = { Query: { plus }, Mutation: { add: plus } };
const query = gql`
  query Plus($n: Int!) {
    plus(n: $n)
  }
`;
const mutation = gql`
  mutation Add($n: Int!) {
    add(n: $n)
  }
`;

/** A client that persists its queries, and what it has sent. */
function connect(url: string, options: PersistedQueryLink.Options = { sha256 }) {
  const { fetch, sent } = recordingFetch();
  const persisted = new PersistedQueryLink(options);
  const http = new HttpLink({ uri: `${url}/graphql`, fetch });
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([persisted, http]),
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, mutate: { fetchPolicy: 'no-cache' } },
  });
  const ask = async (n: number) => (await client.query({ query, variables: { n } })).data;
  return { client, sent, ask };
}

describeEngines((start) => {
  describe('Apollo Client', () => {
    const open = (env: Record<string, string> = {}) => start({ typeDefs, resolvers, env });

    it('sends a text once, and its hash from then on', async () => {
      const { url } = await open();
      const { ask, sent } = connect(url);
      expect([await ask(1), await ask(2)]).toEqual([{ plus: 2 }, { plus: 3 }]);
      expect(sent).toEqual([
        { method: 'POST', hasText: false, status: 200 },
        { method: 'POST', hasText: true, status: 200 },
        { method: 'POST', hasText: false, status: 200 },
      ]);
      const another = connect(url);
      expect(await another.ask(5)).toEqual({ plus: 6 });
      expect(another.sent).toEqual([{ method: 'POST', hasText: false, status: 200 }]);
    });

    it('sends hashes by GET, and mutations by POST', async () => {
      const { url } = await open();
      const { ask, client, sent } = connect(url, { sha256, useGETForHashedQueries: true });
      expect([await ask(1), await ask(2)]).toEqual([{ plus: 2 }, { plus: 3 }]);
      const added = await client.mutate({ mutation, variables: { n: 1 } });
      expect(added.data).toEqual({ add: 2 });
      expect(sent.map(({ method, hasText }) => [method, hasText])).toEqual([
        ['GET', false],
        // Its first text may be too long for a URL.
        [expect.stringMatching(/GET|POST/) as string, true],
        ['GET', false],
        ['POST', false],
        ['POST', true],
      ]);
    });

    it('sends texts alone once it has heard that APQ is off', async () => {
      const { url } = await open({ APQ: 'off' });
      const { ask, sent } = connect(url);
      expect([await ask(1), await ask(2)]).toEqual([{ plus: 2 }, { plus: 3 }]);
      expect(sent.map(({ hasText }) => hasText)).toEqual([false, true, true]);
    });

    it('sends the ids of its manifest', async () => {
      const manifest = openManifest(apolloManifest({ 'plus-1': print(query) }));
      const { url } = await open({ TRUSTED_DOCUMENTS: manifest.path });
      const { ask, sent } = connect(url, { generateHash: () => 'plus-1' });
      expect(await ask(1)).toEqual({ plus: 2 });
      expect(sent).toEqual([{ method: 'POST', hasText: false, status: 200 }]);
    });

    it('tells its application, without another try, of what is not trusted', async () => {
      const manifest = openManifest(apolloManifest({ 'add-1': print(mutation) }));
      const { url } = await open({ TRUSTED_DOCUMENTS: manifest.path });
      const { ask, sent } = connect(url);
      await expect(ask(1)).rejects.toThrow(/TRUSTED_DOCUMENTS/);
      expect(sent.map(({ hasText }) => hasText)).toEqual([false]);
    });
  });
});
