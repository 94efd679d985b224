import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLInputType,
  isInputObjectType,
  isLeafType,
  isListType,
} from 'graphql';
import type { ArgumentPath } from './policy.ts';

/** What a path is for: a value that identifies the caller, or a number or list that multiplies the cost. */
export type PathUse = 'identityArgs' | 'multipliers';

/**
 * Resolves a path such as `input.email` against the arguments of a field.
 * @returns the path, or a sentence that says why there is none.
 */
export function resolvePath(
  args: readonly GraphQLArgument[],
  path: string,
  use: PathUse,
): ArgumentPath | string {
  const [first = '', ...rest] = path.split('.');
  let type: GraphQLInputType | undefined = args.find((arg) => arg.name === first)?.type;
  for (const name of rest) {
    const object: unknown = type && getNullableType(type);
    type = isInputObjectType(object) ? object.getFields()[name]?.type : undefined;
  }
  if (type === undefined) return `there is no argument "${path}"; ${available(args)}`;
  return fits(type, use) ? [first, ...rest] : wrongType(path, type, use);
}

function fits(type: GraphQLInputType, use: PathUse): boolean {
  if (use === 'multipliers') return isListType(getNullableType(type)) || String(getNamedType(type)) === 'Int';
  return isLeafType(getNullableType(type));
}

function wrongType(path: string, type: GraphQLInputType, use: PathUse): string {
  const wanted = use === 'multipliers' ? 'an Int or a list' : 'a scalar or an enum';
  return `the argument "${path}" is of the type ${String(type)}; name one that is ${wanted}`;
}

function available(args: readonly GraphQLArgument[]): string {
  const names = args.map((arg) => arg.name);
  return names.length === 0 ? 'there are none here' : `the field has ${names.join(', ')}`;
}
