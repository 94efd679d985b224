import { memoize } from '../../util/memoize.ts';

/** The value of `Vary` that has all of these names, or lists of names, each once. */
export function joinVary(names: readonly string[]): string {
  return joined(names.join(','));
}

const joined = memoize((list) => {
  // In a map, because the names of fields are case-insensitive; the way in which a name was written first stays.
  const all = new Map<string, string>();
  for (const name of list.split(',')) {
    const trimmed = name.trim();
    const folded = trimmed.toLowerCase();
    if (trimmed !== '' && !all.has(folded)) all.set(folded, trimmed);
  }
  return all.has('*') ? '*' : [...all.values()].join(', ');
});
