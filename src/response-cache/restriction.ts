import type { CacheScope } from './hints.ts';

/** What is known of an answer only once it is made. */
export interface Restriction {
  /** Seconds; more than the schema allows changes nothing, 0: it is not kept. */
  readonly maxAge?: number;
  /** PRIVATE: it is not for others, and not kept where the schema has others share it. */
  readonly scope?: CacheScope;
}

/** Adds to what has been said of an answer: the stricter counts. */
export function restrict(progress: { restriction?: Restriction }, { maxAge, scope }: Restriction): void {
  const { maxAge: before = Infinity, scope: scopeBefore } = progress.restriction ?? {};
  // What is no number stands for a time that could not be told.
  const least = Math.max(0, Math.min(before, maxAge ?? Infinity)) || 0;
  const strictest = [scope, scopeBefore].includes('PRIVATE') ? 'PRIVATE' : (scope ?? scopeBefore);
  progress.restriction = {
    ...(least < Infinity && { maxAge: least }),
    ...(strictest !== undefined && { scope: strictest }),
  };
}
