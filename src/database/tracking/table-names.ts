import type { TableNames } from '../table-listener.ts';

/** Whether it is certain that there is no table. */
export function isNone(names: TableNames): boolean {
  return names?.size === 0;
}

/** The tables of both. */
export function joined(one: TableNames, other: TableNames): TableNames {
  if (one === undefined || other === undefined) return undefined;
  return new Set([...one, ...other]);
}

/** Whether a table may be in both. */
export function mayOverlap(one: TableNames, other: TableNames): boolean {
  if (isNone(one) || isNone(other)) return false;
  return one === undefined || other === undefined || [...one].some((name) => other.has(name));
}
