import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/app/application.ts';
import { aliased, ask, askAll } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { ada, signUp } from '../../support/people.ts';
import { remaining } from '../../support/told-limits.ts';
import { limitFieldNames } from '../../support/told-limits.ts';

interface Status {
  readonly policy: string;
  readonly limit: number;
  readonly remaining: number;
}

async function statuses(url: string, headers: Record<string, string> = {}): Promise<Map<string, Status>> {
  const { status, body } = await ask(url, '{ rateLimits { policy limit window remaining resetAt } }', {
    headers,
  });
  expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  const all = body.data?.['rateLimits'] as Status[];
  const byPolicy = new Map(all.map((one) => [one.policy, one]));
  expect(byPolicy.size).toBe(all.length);
  return byPolicy;
}

describeEngines((start) => {
  describe('rateLimits', () => {
    it('tells each caller of its own buckets and its own limits', async () => {
      const { url, by } = await start({ keys: { chief: ['ADMIN'], partner: ['PAID'] } });
      const user = await signUp(url, ada);
      const query = '{ user(id: 1) { id } roleBasedProducts { id } }';
      const seen: [Record<string, string>, number | undefined, number][] = [
        [{}, 10, 10],
        [by.partner, 10, 10],
        [user, 100, 10],
        [by.chief, undefined, 100],
      ];
      for (const [headers, ofUser, ofProducts] of seen) {
        const before = await statuses(url, headers);
        expect(before.get('Query.user')?.remaining).toBe(ofUser);
        expect(before.get('Query.roleBasedProducts')).toMatchObject({
          limit: ofProducts,
          remaining: ofProducts,
        });
        await ask(url, query, { headers });
        const after = await statuses(url, headers);
        expect(after.get('Query.user')?.remaining).toBe(ofUser && ofUser - 1);
        expect(after.get('Query.roleBasedProducts')?.remaining).toBe(ofProducts - 1);
      }
    });

    it('names a shared bucket once, and none that is keyed by arguments', async () => {
      const { url } = await start();
      await ask(url, '{ popularProducts { id } newProducts { id } }');
      const all = await statuses(url);
      expect(all.get('products')).toMatchObject({ limit: 20, remaining: 18 });
      expect(all.has('Mutation.login.email')).toBe(false);
      expect(all.get('Mutation.login.ip')).toMatchObject({ limit: 50, window: 900, remaining: 50 });
    });

    it('uses nothing, however often and by whichever caller, and is told of no limits itself', async () => {
      const { url } = await start();
      await ask(url, '{ products { id } }');
      const first = await statuses(url);
      const asked = await ask(url, `{ ${aliased(20, 'rateLimits { policy remaining }')} }`);
      expect(limitFieldNames(asked.headers)).toEqual([]);
      await askAll(url, Array<string>(5).fill('{ rateLimits { policy } }'));
      expect(await statuses(url)).toEqual(first);
    });

    it('goes on to answer a caller who has used up everything else', async () => {
      const { url } = await start();
      await ask(url, `{ ${aliased(9, 'products { id }')} }`);
      expect((await ask(url, '{ products { id } }')).status).toBe(429);
      expect(await remaining(url, 'Query.products')).toBe(0);
    });

    it('tells, in an operation that uses limits itself, what is left after it', async () => {
      const { url } = await start();
      const { body } = await ask(url, '{ rateLimits { policy remaining } products { id } }');
      expect(body.data?.['rateLimits']).toContainEqual({ policy: 'Query.products', remaining: 4 });
    });

    it('tells of the limit of whole operations, which it does not count towards', async () => {
      const { typeDefs, ...rest } = operationLimited;
      const { url } = await start({ typeDefs, ...rest });
      await ask(url, '{ plain }');
      for (let count = 0; count < 5; count += 1) {
        const { body } = await ask(url, '{ mine }');
        expect(body.data).toEqual({ mine: ['operations 2/3', 'Query.plain 4/5'] });
      }
    });
  });
});

const operationLimited = {
  typeDefs: `
    schema @rateLimit(name: "operations", limit: 3, duration: 60) { query: Query }
    type Query { plain: Int @rateLimit(limit: 5, duration: 60) mine: [String!] @rateLimitExempt }
  `,
  resolvers: {
    Query: {
      plain: () => 1,
      mine: async (_: unknown, _args: unknown, { rateLimits }: RequestContext) =>
        (await rateLimits()).map(({ policy, limit, remaining: left }) => `${policy.name} ${left}/${limit}`),
    },
  },
};
