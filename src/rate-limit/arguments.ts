import { getArgumentValues } from 'graphql';
import type { Selection, Variables } from './plan/index.ts';
import type { ArgumentPath, Policy } from './policy.ts';

/** The coerced arguments of a field, defaults filled in. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What a selection gives its field. Where that cannot be coerced there is nothing: execution says what is wrong. */
export function argumentsOf({ field, node }: Selection, variables: Variables): Arguments {
  try {
    return getArgumentValues(field, node, variables);
  } catch {
    return {};
  }
}

export function valueAt(path: ArgumentPath, args: Arguments): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
    args,
  );
}

/** The units of a selection: the policy's cost times its multipliers, and never less than 1. */
export function costOf(policy: Policy, args: Arguments): number {
  const factors = policy.multipliers.map((path) => factorOf(valueAt(path, args)));
  // Kept finite at each step, because Infinity times 0 is no number.
  const times = (product: number, factor: number) => Math.min(product * factor, Number.MAX_SAFE_INTEGER);
  return Math.max(1, factors.reduce(times, policy.cost));
}

/** A number, or how many values there are in lists of lists; and never less than one that would be asked for without it. */
function factorOf(value: unknown): number {
  if (Array.isArray(value)) return Math.max(1, leavesOf(value));
  return typeof value === 'number' ? Math.max(1, value) : 1;
}

function leavesOf(list: readonly unknown[]): number {
  return list.reduce<number>((sum, item) => sum + (Array.isArray(item) ? leavesOf(item) : 1), 0);
}
