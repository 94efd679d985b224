import type { ResponsePath } from 'graphql';

/** The names in the response that lead to a field, joined by dots. List indices are left out. */
export function placeOf(path: ResponsePath): string {
  // Most limited fields are asked of the root.
  if (path.prev === undefined) return String(path.key);
  const keys: string[] = [];
  for (let at: ResponsePath | undefined = path; at !== undefined; at = at.prev) {
    if (typeof at.key === 'string') keys.push(at.key);
  }
  return keys.reverse().join('.');
}
