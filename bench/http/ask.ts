import type { Contender } from './contenders.ts';
import { type Operation } from './operations.ts';

/** A request, in whose texts `numberPlace` may stand. */
export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for none. */
  readonly body: string;
}

/** The request for an operation. @param token of the signed-in user */
export function askFor(operation: Operation, style: Contender['style'], token: string): Ask {
  const { graphql, rest, isSignedIn = false } = operation;
  const authorization = isSignedIn ? { Authorization: `Bearer ${token}` } : {};
  const json = { 'Content-Type': 'application/json' };
  if (style === 'graphql') {
    const headers = { ...json, ...authorization };
    return { method: 'POST', path: '/graphql', headers, body: JSON.stringify(graphql) };
  }
  const { method, path, body } = rest;
  if (body === undefined) return { method, path, headers: authorization, body: '' };
  return { method, path, headers: { ...json, ...authorization }, body: JSON.stringify(body) };
}
