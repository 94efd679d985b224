import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../src/app/application.ts';
import { ask, askAll, codes } from '../support/client.ts';
import { describeEngines } from '../support/describe-engines.ts';

interface OwnContext extends RequestContext {
  readonly serial: number;
}

describeEngines((start) => {
  describe('a schema of your own', () => {
    it('uses the directives without defining them', async () => {
      const { url } = await start({
        typeDefs: `
          type Query { now: Int @cacheControl(maxAge: 5) dear: Int @rateLimit(limit: 2, duration: 10) free: Int }
        `,
        resolvers: { Query: { now: () => 1, dear: () => 2, free: () => 3 } },
      });
      expect((await ask(url, '{ a: dear b: dear c: dear free }')).body).toMatchObject({
        data: { a: 2, b: 2, c: null, free: 3 },
        errors: [{ extensions: { code: 'RATE_LIMITED', policy: 'Query.dear', limit: 2, window: 10 } }],
      });
      await ask(url, '{ now }');
      expect((await ask(url, '{ now }')).headers.get('cache-status')).toBe('sluice; hit; ttl=5');
    });

    it('has its resolvers given what context adds, besides who asks', async () => {
      const { url } = await start({
        typeDefs: 'type Query { greeting: String }',
        resolvers: {
          Query: {
            greeting: (
              _: unknown,
              _args: unknown,
              { caller, greeting }: RequestContext & { greeting: string },
            ) => `${greeting}, ${caller.tiers.join()}`,
          },
        },
        context: ({ method }) => Promise.resolve({ greeting: `Hello by ${method}` }),
      });
      expect((await ask(url, '{ greeting }')).body.data).toEqual({ greeting: 'Hello by POST, ANONYMOUS' });
    });

    it('has a context for each operation of a batch, which run at the same time', async () => {
      let serial = 0;
      const arrived = Array.from({ length: 3 }, () => Promise.withResolvers<undefined>());
      const { url } = await start({
        typeDefs: 'type Query { serial: Int }',
        resolvers: {
          Query: {
            async serial(_: unknown, _args: unknown, context: OwnContext) {
              arrived[context.serial]?.resolve(undefined);
              await Promise.all(arrived.map(({ promise }) => promise));
              return context.serial;
            },
          },
        },
        context: () => ({ serial: serial++ }),
      });
      const answers = await askAll(url, ['{ serial }', '{ serial }', '{ serial }']);
      expect(answers).toEqual([{ data: { serial: 0 } }, { data: { serial: 1 } }, { data: { serial: 2 } }]);
    });

    it('may change what it is given: the same request of somebody else has its own', async () => {
      const { url } = await start({
        typeDefs: 'scalar Any type Query { count(these: Any, in: In): Int } input In { list: [Int] }',
        resolvers: {
          Query: {
            count: (_: unknown, args: { these?: number[]; in?: { list: number[] } }) =>
              (args.these ?? args.in?.list)?.push(0),
          },
        },
      });
      const bodies: unknown[] = [];
      for (let time = 0; time < 4; time += 1) {
        const anyValue = 'query ($these: Any) { count(these: $these) }';
        bodies.push((await ask(url, anyValue, { variables: { these: [1] } })).body.data);
        const input = 'query ($in: In) { count(in: $in) }';
        bodies.push((await ask(url, input, { variables: { in: { list: [1] } } })).body.data);
        bodies.push((await ask(url, '{ count(in: { list: [1] }) }')).body.data);
      }
      expect(bodies).toEqual(Array(12).fill({ count: 2 }));
    });

    it('counts a limited field under a list once, however many items there are', async () => {
      const { url } = await start({
        typeDefs: 'type Query { all: [Item!] } type Item { dear: Int @rateLimit(limit: 1, duration: 60) }',
        resolvers: { Query: { all: () => [{}, {}, {}] }, Item: { dear: () => 1 } },
      });
      const item = { dear: 1 };
      expect((await ask(url, '{ all { dear } }')).body).toEqual({ data: { all: [item, item, item] } });
      const { body } = await ask(url, '{ all { dear } }');
      expect(body.data).toEqual({ all: [{ dear: null }, { dear: null }, { dear: null }] });
      expect(codes(body)).toEqual(['RATE_LIMITED', 'RATE_LIMITED', 'RATE_LIMITED']);
    });

    it('has its operation rejected where a denial leaves no data', async () => {
      const { url } = await start({
        typeDefs: 'type Query { dear: Int! @rateLimit(limit: 1, duration: 60) free: Int }',
        resolvers: { Query: { dear: () => 1, free: () => 2 } },
      });
      expect((await ask(url, '{ dear free }')).body).toEqual({ data: { dear: 1, free: 2 } });
      const { status, body } = await ask(url, '{ dear free }');
      expect({ status, codes: codes(body) }).toEqual({ status: 429, codes: ['RATE_LIMITED'] });
      expect(body).not.toHaveProperty('data');
    });
  });
});
