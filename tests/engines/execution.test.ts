import type { GraphQLResolveInfo } from 'graphql';
import { expect, it } from 'vitest';
import { ask } from '../support/client.ts';
import { describeEngines } from '../support/describe-engines.ts';

const typeDefs = 'type Query { told: [String!]! slow(by: Int! = 1): Int }';

/** What info consists of tells who has made it: the servers' executor adds something of its own. */
const told = (_source: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo): string[] =>
  Object.keys(info);

const own = expect.arrayContaining(['getAsyncHelpers']) as unknown;

describeEngines((start) => {
  it('is compiled from the second time on', async () => {
    const { url } = await start({ typeDefs, resolvers: { Query: { told } } });
    expect((await ask(url, '{ told }')).body.data).toEqual({ told: own });
    for (const again of [await ask(url, '{ told }'), await ask(url, '{ told }')]) {
      expect(again.body.data).toEqual({ told: expect.not.arrayContaining(['getAsyncHelpers']) as unknown });
    }
  });

  it('is never compiled where that is switched off', async () => {
    const env = { EXECUTION: 'graphql-js' };
    const { url } = await start({ typeDefs, resolvers: { Query: { told } }, env });
    for (let count = 0; count < 3; count += 1) {
      expect((await ask(url, '{ told }')).body.data).toEqual({ told: own });
    }
  });

  it('has the same answer every time, also to what fails', async () => {
    const slow = async (_source: unknown, { by }: { by: number }): Promise<number> => {
      await Promise.resolve();
      if (by > 1) throw new TypeError('This is not for clients.');
      return by;
    };
    const { url } = await start({ typeDefs, resolvers: { Query: { slow } } });
    const query = 'query($by: Int! = 2) { slow(by: $by) one: slow told }';
    const answers = [];
    for (let count = 0; count < 3; count += 1) {
      const { status, body } = await ask(url, query);
      const errors = (body.errors ?? []).map(({ extensions, ...rest }) => ({
        ...rest,
        code: extensions?.['code'],
      }));
      answers.push({ status, data: body.data, errors });
    }
    expect(answers[0]?.errors).toMatchObject([{ path: ['slow'] }, { path: ['told'] }]);
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
  });
});
