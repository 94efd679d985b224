import {
  getArgumentValues,
  getNullableType,
  type GraphQLArgument,
  type GraphQLInputField,
  isInputObjectType,
} from 'graphql';
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

/** The units of a selection: the policy's cost times its multipliers, none of which makes it smaller. */
export function costOf(policy: Policy, args: Arguments, inputs: Inputs = []): number {
  const factors = policy.multipliers.map((path) => factorOf(givenAt(path, args, inputs)));
  // Kept finite at each step.
  const times = (product: number, factor: number) => Math.min(product * factor, Number.MAX_SAFE_INTEGER);
  return factors.reduce(times, policy.cost);
}

/** What can be given: the arguments of a field, or the entries of an object in them. */
type Inputs = readonly (GraphQLArgument | GraphQLInputField)[];

/** The value at a path. Null stands for the default: a resolver has to do something then, most likely that. */
function givenAt(path: ArgumentPath, args: Arguments, inputs: Inputs): unknown {
  let [value, known]: [unknown, Inputs] = [args, inputs];
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    const input = known.find((each) => each.name === name);
    value = (Reflect.get(value, name) as unknown) ?? input?.defaultValue;
    const type: unknown = input && getNullableType(input.type);
    known = isInputObjectType(type) ? Object.values(type.getFields()) : [];
  }
  return value;
}

/** A number, or how many values there are in lists of lists; and never less than one that would be asked for without it. */
function factorOf(value: unknown): number {
  if (Array.isArray(value)) return Math.max(1, leavesOf(value));
  return typeof value === 'number' ? Math.max(1, value) : 1;
}

function leavesOf(list: readonly unknown[]): number {
  return list.reduce<number>((sum, item) => sum + (Array.isArray(item) ? leavesOf(item) : 1), 0);
}
