import { expect, vi } from 'vitest';
import { isHit } from '../../support/cache-status.ts';
import { ask, type Reply } from '../../support/client.ts';
import { createUser } from '../../support/people.ts';

/** An operation that asks for all users. */
export const users = '{ users(first: 500) { name } }';

/** Asks until the answer is a hit. */
export async function prime(url: string, query: string): Promise<Reply> {
  return await vi.waitFor(
    async () => {
      const reply = await ask(url, query);
      expect(isHit(reply)).toBe(true);
      return reply;
    },
    { interval: 1 },
  );
}

/** The names of the users in an answer. */
export function namesIn({ body }: Reply): string[] {
  expect(body.errors).toBeUndefined();
  // What the operation asks for.
  return (body.data?.['users'] as { name: string }[]).map(({ name }) => name);
}

let people = 0;

/** Creates a user of a new name. @returns the name */
export async function addUser(url: string): Promise<string> {
  people += 1;
  const name = `User ${people}`;
  const person = { name, email: `${people}@example.com`, password: 'no secret' };
  expect((await createUser(url, person)).body.errors).toBeUndefined();
  return name;
}

/** Sends a mutation, which must succeed. */
export async function write(url: string, mutation: string): Promise<void> {
  expect((await ask(url, `mutation { ${mutation} }`)).body.errors).toBeUndefined();
}
