import { hash } from 'node:crypto';

/** Identities longer than that are hashed: applications may call callers whatever they like. */
const longest = 200;

/** Braces would end the hash tag; a percent sign, or half a character, could make two identities one. */
const unsafe = /[{}%\p{Surrogate}]/gu;

/**
 * Where Redis has a bucket: `PREFIX:{IDENTITY}:REST`. On a cluster, what is in braces decides the place, so that all
 * buckets of a caller are in one. A key that names no caller is a place of its own. Distinct buckets have distinct keys.
 * @param bucketKey such as `Query.products|F60|ip:192.0.2.1`, with `|DIGEST` behind where arguments tell buckets apart
 */
export function redisKey(prefix: string, bucketKey: string): string {
  const start = bucketKey.indexOf('|', bucketKey.indexOf('|') + 1) + 1;
  const end = bucketKey.indexOf('|', start);
  const identity = end === -1 ? bucketKey.slice(start) : bucketKey.slice(start, end);
  if (start === 0 || identity === '') return `${prefix}:{${escape(bucketKey)}}`;
  const rest = bucketKey.slice(0, start - 1) + (end === -1 ? '' : bucketKey.slice(end));
  return `${prefix}:{${escape(identity)}}:${rest}`;
}

function escape(text: string): string {
  if (text.length > longest) return hash('sha256', text);
  return text.replaceAll(unsafe, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
