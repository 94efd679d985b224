import { describe, expect, it } from 'vitest';
import { cacheStatus, hit, stored } from '../../support/cache-status.ts';
import { ask, codes } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';

const typeDefs = `
  scalar JSON
  type Query {
    kind(of: JSON): String @cacheControl(maxAge: 60)
    sum(of: [Int]): Int @cacheControl(maxAge: 60)
  }
`;
const resolvers = { Query: { kind: (_: unknown, { of }: { of: unknown }) => typeof of, sum: () => 1 } };
const kind = 'query ($of: JSON) { kind(of: $of) }';

function nested(levels: number): unknown {
  return JSON.parse('['.repeat(levels) + ']'.repeat(levels));
}

describeEngines((start) => {
  describe('variables', () => {
    it('that JSON tells from all others have answers of their own', async () => {
      const { url } = await start({ typeDefs, resolvers });
      for (const of of [null, 0, '0', [], {}, { a: [1] }]) {
        const replies = [];
        for (let n = 0; n < 2; n += 1) replies.push(await ask(url, kind, { variables: { of } }));
        expect(replies.map(cacheStatus)).toEqual([stored, hit]);
        expect(replies.map(({ body }) => body.data)).toEqual([{ kind: typeof of }, { kind: typeof of }]);
      }
    });

    it('that are nested too deep are refused, and the bound is named', async () => {
      const { url } = await start({ typeDefs, resolvers });
      const { body } = await ask(url, kind, { variables: { of: nested(2000) } });
      expect(body.errors?.[0]?.message).toContain('DOCUMENT_DEPTH');
      expect(codes(body)).toEqual(['BAD_USER_INPUT']);
    });

    it('that are nested deeply are answered, and no answer to them is kept', async () => {
      const { url } = await start({ typeDefs, resolvers, env: { DOCUMENT_DEPTH: '500' } });
      for (let n = 0; n < 2; n += 1) {
        const reply = await ask(url, kind, { variables: { of: nested(400) } });
        expect([reply.body.data, cacheStatus(reply)]).toEqual([{ kind: 'object' }, null]);
      }
    });

    it('that are no good are the client’s fault, and none of the cache’s business', async () => {
      const { url } = await start({ typeDefs, resolvers });
      const reply = await ask(url, 'query ($of: [Int]) { sum(of: $of) }', {
        variables: { of: nested(1000) },
      });
      expect([codes(reply.body), cacheStatus(reply)]).toEqual([['BAD_USER_INPUT'], null]);
    });
  });
});
