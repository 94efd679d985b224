import { describe, expect, it, vi } from 'vitest';
import { aliased, ask, codes } from '../support/client.ts';
import { growth } from '../support/count-work.ts';
import { describeEngines } from '../support/describe-engines.ts';

/** A letter of which NFKC makes eighteen. */
const ligature = '\uFDFA';

const typeDefs = `
  scalar JSON
  type Query { one: Int }
  type Mutation {
    login(email: String!): Int @rateLimit(limit: 3, identityArgs: ["email"])
    find(by: JSON!): Int @rateLimit(limit: 3, identityArgs: ["by"])
  }
`;
const resolvers = { Mutation: { login: () => 1, find: () => 1 } };

/** How many characters are brought into their normal form meanwhile. */
async function normalised(action: () => Promise<unknown>): Promise<number> {
  let characters = 0;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- It is called on the text.
  const normalize = String.prototype.normalize;
  const spy = vi.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string, form) {
    characters += this.length;
    return normalize.call(this, form);
  });
  await action();
  spy.mockRestore();
  return characters;
}

describeEngines((start) => {
  const open = async () => {
    const { url } = await start({
      typeDefs,
      resolvers,
      env: { INVALID_REQUEST_LIMIT: 'off', BODY_LIMIT: '4000000' },
    });
    const login = (aliases: number, email: string) =>
      ask(url, `mutation ($email: String!) { ${aliased(aliases, 'login(email: $email)')} }`, {
        variables: { email },
      });
    const find = (aliases: number, by: unknown) =>
      ask(url, `mutation ($by: JSON!) { ${aliased(aliases, 'find(by: $by)')} }`, { variables: { by } });
    return { login, find };
  };

  describe('an e-mail address that a limit counts by', () => {
    it('is brought into its normal form once, however often an operation gives it', async () => {
      const { login } = await open();
      const email = ligature.repeat(100);
      const once = await normalised(() => login(1, email));
      expect(once).toBe(100);
      expect(await normalised(() => login(100, email))).toBe(once);
    });

    it('is looked at no further than a name can be long', async () => {
      const { login } = await open();
      for (const length of [20_000, 100_000, 300_000]) {
        const spelt = ligature.repeat(length);
        expect(await normalised(() => login(100, spelt))).toBeLessThanOrEqual(1024);
      }
    });

    it('has its limit also where it is as long as that', async () => {
      const { login } = await open();
      const { body } = await login(5, ligature.repeat(150_000));
      expect(codes(body)).toEqual(['RATE_LIMITED', 'RATE_LIMITED']);
      expect(codes((await login(1, `${ligature.repeat(149_999)}x`)).body)).toEqual(['RATE_LIMITED']);
    });
  });

  describe('an object that a limit counts by', () => {
    const wide = (values: number) =>
      Object.fromEntries(Array.from({ length: values }, (_, n) => [`k${n}`, n]));

    it('costs what its size says, and not that for each alias', async () => {
      const { find } = await open();
      for (const ratio of await growth([2000, 4000, 8000], (values) => find(100, wide(values)))) {
        expect(ratio).toBeLessThan(2.2);
      }
      const [ratio] = await growth([1, 100], (aliases) => find(aliases, wide(8000)));
      expect(ratio).toBeLessThan(3);
    });

    it.each([
      ['deep', nested(90)],
      ['deeper than any is', nested(2000)],
    ])('is answered, or refused, where it is %s', async (_title, by) => {
      const { find } = await open();
      const { status, body } = await find(1, by);
      expect(status).toBe(200);
      expect(codes(body)).toEqual(body.data === undefined ? ['BAD_USER_INPUT'] : []);
    });
  });
});

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = { value };
  return value;
}
