import type { PlainRequest } from './client.ts';

/** The Content-Type of what `post` makes. */
export const json = { 'content-type': 'application/json' };

/** A request by POST of a JSON body, as text where it is not well-formed. */
export function post(body: unknown, headers: Readonly<Record<string, string>> = {}): PlainRequest {
  return {
    headers: { ...json, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** A request by GET. */
export function get(
  params: Record<string, string>,
  headers: Readonly<Record<string, string>> = {},
): PlainRequest {
  return { method: 'GET', path: `/graphql?${new URLSearchParams(params).toString()}`, headers };
}

/** Two operations, of which a request has to name one. */
export const two = 'query A { __typename } query B { health { status } }';

/** An operation that needs a variable. */
export const byId = 'query ($id: ID!) { product(id: $id) { name } }';
