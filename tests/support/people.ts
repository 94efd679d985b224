import { expect } from 'vitest';
import { ask, type Reply } from './client.ts';

export const ada = { name: 'Ada', email: 'ada@example.com', password: 'analytical engine' };
export const grace = { name: 'Grace', email: 'grace@example.com', password: 'nanoseconds' };

type Fields = Readonly<Record<string, string>>;

/** Asks for a new account. */
export function createUser(url: string, input: Fields, headers: Record<string, string> = {}): Promise<Reply> {
  const query = 'mutation ($input: CreateUserInput!) { createUser(input: $input) { id name email } }';
  return ask(url, query, { variables: { input }, headers });
}

/** Signs in. */
export function login(
  url: string,
  { email, password }: { readonly email: string; readonly password: string },
  headers: Record<string, string> = {},
): Promise<Reply> {
  const query = 'mutation ($input: LoginInput!) { login(input: $input) { token expiresAt user { name } } }';
  return ask(url, query, { variables: { input: { email, password } }, headers });
}

/** Creates an account and signs in; returns the header fields that make a request one of that user. */
export async function signUp(url: string, person: typeof ada): Promise<Record<string, string>> {
  expect((await createUser(url, person)).body.errors).toBeUndefined();
  const { body } = await login(url, person);
  const { token } = body.data?.['login'] as { token: string };
  return { authorization: `Bearer ${token}` };
}

/** The header field of a request that came through a proxy from this address. */
export function from(address: string): Record<string, string> {
  return { 'x-forwarded-for': address };
}
