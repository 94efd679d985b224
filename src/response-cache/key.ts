import { createHash } from 'node:crypto';
import type { Caller } from '../caller/caller.ts';

export interface KeyParts {
  /** The operation, printed. */
  readonly canonical: string;
  /** The names of the variables that the operation declares, sorted. */
  readonly declared: readonly string[];
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whose answer it is, where callers do not share it. */
  readonly owner: string | null;
}

/** The key of an answer. Variables that the operation does not declare make no difference. */
export function answerKey({ canonical, declared, variables, owner }: KeyParts): string {
  const given = declared.filter((name) => Object.hasOwn(variables, name));
  const values = given.map((name) => [name, sorted(variables[name])]);
  return createHash('sha256')
    .update(JSON.stringify([canonical, values, owner]))
    .digest('base64url');
}

/** Who owns a PRIVATE answer; null if the caller is nobody in particular. */
export function ownerOf({ userId, apiKeyId }: Caller): string | null {
  // An empty id names nobody: under it, all who have none would share their answers.
  const isNobody = [userId, apiKeyId].every((id) => id == null || id === '');
  return isNobody ? null : JSON.stringify([userId, apiKeyId]);
}

/** The value with the keys of its objects in order. Lists keep theirs. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, sorted(member)]));
}
