import { maxId } from '../ids.ts';

/** The most rows that a page may ask for. */
export const maxPageSize = 500;

/** A part of a list that is ordered by id. */
export interface Page {
  /** How many rows at most, 1 to 500. */
  readonly first: number;
  /** Only rows with a greater id; by default from the start. */
  readonly after?: number | undefined;
}

/**
 * The bounds of a page, as a query needs them.
 * @throws RangeError when `first` is out of bounds: SQLite would take -1 for "all".
 */
export function pageBounds({ first, after = 0 }: Page): { limit: number; after: number } {
  if (Number.isInteger(first) && first >= 1 && first <= maxPageSize) {
    return { limit: first, after: Math.min(after, maxId) };
  }
  throw new RangeError(`A page has 1 to ${maxPageSize} rows, not ${first}.`);
}
