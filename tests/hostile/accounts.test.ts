import { describe, expect, it } from 'vitest';
import { aliased, ask, askAll, type Body, codes, send } from '../support/client.ts';
import { describeEngines } from '../support/describe-engines.ts';
import { ada, createUser, from, login } from '../support/people.ts';
import { remaining } from '../support/told-limits.ts';

const wrong = { ...ada, password: 'difference engine' };
const behindProxy = { env: { TRUST_PROXY: '1' } };

/** How many of the answers have each outcome. */
function outcomes(bodies: readonly Body[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const body of bodies) {
    for (const outcome of body.errors === undefined ? ['in'] : codes(body).map(String))
      counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

async function together(count: number, attempt: (index: number) => Promise<{ body: Body }>) {
  const replies = await Promise.all(Array.from({ length: count }, (_, index) => attempt(index)));
  return replies.map(({ body }) => body);
}

describeEngines((start) => {
  describe('guessing passwords', () => {
    it('for many e-mail addresses from one place is tried 50 times', async () => {
      const { url } = await start(behindProxy);
      await createUser(url, ada, from('192.0.2.1'));
      const stuffing = (index: number) =>
        login(url, { ...wrong, email: `person${index}@example.com` }, from('192.0.2.6'));
      expect(outcomes(await together(80, stuffing))).toEqual({ UNAUTHENTICATED: 50, RATE_LIMITED: 30 });
      expect((await login(url, ada, from('192.0.2.6'))).status).toBe(429);
      expect((await login(url, ada, from('192.0.2.1'))).body.errors).toBeUndefined();
    });

    it('for one e-mail address from many places is tried 20 times', async () => {
      const { url } = await start(behindProxy);
      const guess = (index: number) => login(url, wrong, from(`192.0.2.${index}`));
      expect(outcomes(await together(60, guess))).toEqual({ UNAUTHENTICATED: 20, RATE_LIMITED: 40 });
    });

    it('for one e-mail address from one place is tried 5 times, however many guesses come at once', async () => {
      const { url } = await start();
      const bodies = await together(100, () => login(url, wrong));
      expect(outcomes(bodies)).toEqual({ UNAUTHENTICATED: 5, RATE_LIMITED: 95 });
      expect(await remaining(url, 'Mutation.login.ip')).toBe(45);
    });

    it('does not find the right one among more guesses than may fail', async () => {
      const { url } = await start();
      await createUser(url, ada);
      const guesses = await together(100, (index) => login(url, index === 99 ? ada : wrong));
      expect(outcomes(guesses)).toEqual({ UNAUTHENTICATED: 5, RATE_LIMITED: 95 });
    });

    it('is tried 5 times in aliases, batches and requests together', async () => {
      const { url } = await start();
      const field = `login(input: { email: "${ada.email}", password: "x" }) { token }`;
      const bodies = await Promise.all([
        ask(url, `mutation { ${aliased(10, field)} }`).then(({ body }) => [body]),
        askAll(url, Array<string>(10).fill(`mutation { ${field} }`)),
        together(10, () => login(url, wrong)),
      ]);
      expect(outcomes(bodies.flat())).toEqual({ UNAUTHENTICATED: 5, RATE_LIMITED: 25 });
    });

    it('leaves no more waiting than there is room for, and has the others come again soon', async () => {
      const { url } = await start();
      const bodies = await together(250, () => login(url, wrong));
      expect(outcomes(bodies)).toEqual({ UNAUTHENTICATED: 5, RATE_LIMITED: 245 });
      const waits = bodies.flatMap(({ errors = [] }) =>
        errors.map(({ extensions }) => extensions?.['retryAfter']),
      );
      // Those who waited know that the guesses have failed. The others know only that they are under way.
      expect(waits.filter((wait) => wait === 900).length).toBeGreaterThanOrEqual(100);
      expect(waits.every((wait) => wait === undefined || wait === 900 || Number(wait) <= 10)).toBe(true);
    });

    it.each([
      ['an e-mail address', { ...ada, email: `${'a'.repeat(300_000)}@example.com` }],
      ['a password', { ...ada, password: 'ﷺ'.repeat(150_000) }],
    ])('with %s that is too long is a failure, for which nothing is hashed', async (_, input) => {
      const { url } = await start();
      const bodies = await together(7, () => login(url, input));
      expect(outcomes(bodies)).toEqual({ BAD_USER_INPUT: 5, RATE_LIMITED: 2 });
    });
  });

  describe('making accounts', () => {
    it('is done 3 times an hour from one place, by whoever is signed in or has a key', async () => {
      const { url, by, clock } = await start({ ...behindProxy, keys: { partner: ['PAID'] } });
      const here = from('192.0.2.6');
      const person = (index: number) => ({ ...ada, email: `person${index}@example.com` });
      const makeAll = async (first: number, headers: Record<string, string>) =>
        together(10, (index) => createUser(url, person(first + index), { ...here, ...headers }));
      const made = await makeAll(0, {});
      expect(outcomes(made)).toEqual({ in: 3, RATE_LIMITED: 7 });
      const emails = made.flatMap(
        ({ data }) => (data?.['createUser'] as { email: string } | null)?.email ?? [],
      );
      for (const [index, email] of emails.entries()) {
        const { body } = await login(url, { ...ada, email }, here);
        const { token } = body.data?.['login'] as { token: string };
        const denied = await makeAll(10 * (index + 1), { authorization: `Bearer ${token}` });
        expect(outcomes(denied)).toEqual({ RATE_LIMITED: 10 });
      }
      expect(outcomes(await makeAll(50, by.partner))).toEqual({ RATE_LIMITED: 10 });
      clock.advance(3600);
      expect(outcomes(await makeAll(60, by.partner))).toEqual({ in: 3, RATE_LIMITED: 7 });
    });
  });

  describe('having several accounts', () => {
    it('gives one place no more than 1,000 operations a minute for all of them', async () => {
      const keys = { one: ['PAID'], two: ['PAID'], three: ['FREE'] };
      const { url, by, clock } = await start({ ...behindProxy, keys });
      const callers = [by.one, by.two, by.three];
      const batch = Array.from({ length: 10 }, () => ({ query: 'mutation { deleteProduct(id: 9) }' }));
      const ofBatches = async (count: number, address: string) => {
        const bodies: Body[] = [];
        for (let index = 0; index < count; index += 1) {
          const { body } = await send(url, batch, { ...from(address), ...callers[index % 3] });
          bodies.push(...(body as Body[]));
        }
        return outcomes(bodies);
      };
      expect(await ofBatches(102, '192.0.2.6')).toEqual({ FORBIDDEN: 1000, RATE_LIMITED: 20 });
      expect(await ofBatches(1, '192.0.2.7')).toEqual({ FORBIDDEN: 10 });
      clock.advance(60);
      expect(await ofBatches(1, '192.0.2.6')).toEqual({ FORBIDDEN: 10 });
    });
  });
});
