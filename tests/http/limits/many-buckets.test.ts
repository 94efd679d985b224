import { describe, expect, it } from 'vitest';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';

const typeDefs = `type Query { find(email: String!): Int @rateLimit(limit: 5, by: [GLOBAL], identityArgs: ["email"]) }`;
const resolvers = { Query: { find: () => 1 } };
const findAll = (count: number): string =>
  `{ ${Array.from({ length: count }, (_, n) => `a${n}: find(email: "${n}@example.com")`).join(' ')} }`;

/** One operation must not keep a store busy for everybody else. */
describeEngines((start) => {
  describe('an operation that counts under very many limits', () => {
    it('is refused before anything is counted, and says how many there may be', async () => {
      const { url } = await start({ typeDefs, resolvers, env: { DOCUMENT_ALIASES: '1000' } });
      expect((await ask(url, findAll(500))).body.data).toMatchObject({ a0: 1, a499: 1 });
      const { body } = await ask(url, findAll(501));
      expect(codes(body)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(body.errors?.[0]?.message).toBe(
        'The operation counts under 501 limits, of 500. Ask for less at a time.',
      );
    });
  });
});
