import { Client, fetchExchange, gql } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { describe, expect, it } from 'vitest';
import { describeEngines } from '../../support/describe-engines.ts';
import { openManifest } from './documents.ts';
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
function connect(url: string, options: Parameters<typeof persistedExchange>[0] = {}) {
  const { fetch, sent } = recordingFetch();
  const client = new Client({
    url: `${url}/graphql`,
    fetch,
    exchanges: [persistedExchange(options), fetchExchange],
    preferGetMethod: false,
  });
  const ask = async (n: number): Promise<unknown> => {
    const { data, error } = await client.query<unknown>(query, { n }).toPromise();
    return data ?? error?.message;
  };
  return { client, sent, ask };
}

describeEngines((start) => {
  describe('urql', () => {
    const open = (env: Record<string, string> = {}) => start({ typeDefs, resolvers, env });

    it.each([
      ['by GET', 'GET', true],
      ['by POST', 'POST', false],
    ] as const)('sends a text once, and its hash from then on, %s', async (_, method, prefersGet) => {
      const { url } = await open();
      const { ask, sent } = connect(url, { preferGetForPersistedQueries: prefersGet });
      expect([await ask(1), await ask(2)]).toEqual([{ plus: 2 }, { plus: 3 }]);
      expect(sent.map(({ hasText, status }) => [hasText, status])).toEqual([
        [false, 200],
        [true, 200],
        [false, 200],
      ]);
      expect([sent[0]?.method, sent[2]?.method]).toEqual([method, method]);
    });

    it('persists mutations too', async () => {
      const { url } = await open();
      const { client, sent } = connect(url, { enableForMutation: true });
      for (const n of [1, 2]) {
        expect(await client.mutation(mutation, { n }).toPromise()).toMatchObject({ data: { add: n + 1 } });
      }
      expect(sent.map(({ method, hasText }) => [method, hasText])).toEqual([
        ['POST', false],
        ['POST', true],
        ['POST', false],
      ]);
    });

    it('sends texts alone once it has heard that APQ is off', async () => {
      const { url } = await open({ APQ: 'off' });
      const { ask, sent } = connect(url);
      expect([await ask(1), await ask(2)]).toEqual([{ plus: 2 }, { plus: 3 }]);
      expect(sent.map(({ hasText }) => hasText)).toEqual([false, true, true]);
    });

    it('sends the ids that GraphQL Codegen has put into its documents', async () => {
      const manifest = openManifest({ 'plus-1': 'query Plus($n: Int!) { plus(n: $n) }' });
      const { url } = await open({ TRUSTED_DOCUMENTS: manifest.path });
      const { ask, sent } = connect(url, {
        enforcePersistedQueries: true,
        generateHash: () => Promise.resolve('plus-1'),
      });
      expect(await ask(1)).toEqual({ plus: 2 });
      expect(sent.map(({ hasText }) => hasText)).toEqual([false]);
    });

    it('tells its application of what is not trusted', async () => {
      const manifest = openManifest({ 'plus-1': 'query Plus($n: Int!) { plus(n: $n) }' });
      const { url } = await open({ TRUSTED_DOCUMENTS: manifest.path });
      expect(await connect(url).ask(1)).toMatch(/TRUSTED_DOCUMENTS/);
    });
  });
});
