import { describe, expect, it } from 'vitest';
import { ask } from '../support/client.ts';
import { growth } from '../support/count-work.ts';
import { describeEngines } from '../support/describe-engines.ts';

const multiplied = {
  typeDefs: `
    input Page { size: Int = 10 }
    type Query {
      f(n: Int = 10, page: Page, lists: [[Int]]): Int
        @rateLimit(limit: 1000000, duration: 60, cost: 100, multipliers: ["n", "page.size", "lists"])
    }
  `,
  resolvers: { Query: { f: () => 1 } },
  env: { INVALID_REQUEST_LIMIT: 'off' },
};

describeEngines((start) => {
  describe('arguments that multiply a cost', () => {
    it.each([
      ['none', 'f', 1000],
      ['nothing of it', 'f(n: 0)', 100],
      ['less than nothing', 'f(n: -7)', 100],
      ['as much less as there is', 'f(n: -2147483648)', 100],
      ['null', 'f(n: null)', 1000],
      ['a variable that is null', 'f(n: $n)', 1000],
      ['an object without it', 'f(page: {})', 10_000],
      ['an object in which it is null', 'f(page: { size: null })', 10_000],
      ['an object that is null', 'f(page: null)', 1000],
      ['an empty list', 'f(lists: [])', 1000],
      ['lists of nothing', 'f(lists: [[], [], []])', 1000],
      ['a list that hides what is in it', 'f(lists: [[1, 2, 3, 4, 5]])', 5000],
      ['lists', 'f(lists: [[1, 2], [3]])', 3000],
    ])('never make it smaller: %s', async (_, field, cost) => {
      const { url } = await start(multiplied);
      const header = field.includes('$n') ? 'query ($n: Int = 10)' : 'query';
      const { body, headers } = await ask(url, `${header} { ${field} }`, { variables: { n: null } });
      expect(body.errors).toBeUndefined();
      expect(headers.get('ratelimit')).toContain(`r=${1_000_000 - cost};`);
    });

    it('take no more than twice the work for twice as long', async () => {
      const { url } = await start(multiplied);
      const grown = await growth([500, 1000, 2000, 4000], (length) =>
        ask(url, 'query ($lists: [[Int]]) { f(lists: $lists) }', {
          variables: { lists: Array.from({ length }, () => [1, 2]) },
        }),
      );
      expect(Math.max(...grown)).toBeLessThan(2.3);
    });
  });
});
