import {
  GraphQLBoolean,
  GraphQLError,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLOutputType,
  GraphQLString,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { completeList } from './complete-list.ts';
import { completeAbstract, completeObject } from './complete-object.ts';
import type { Complete } from './execution.ts';

/** Compiles how values of a type become part of the response: CompleteValue of the specification. */
export function compileCompletion(type: GraphQLOutputType): Complete {
  const isNullable = !isNonNullType(type);
  const complete = compilePresent(isNullable ? type : type.ofType);
  return (at, value, path) => {
    if (value instanceof Error) throw value;
    const completed = value == null ? null : complete(at, value, path);
    if (completed !== null || isNullable) return completed;
    throw new Error(`Cannot return null for non-nullable field ${at.field.coordinate}.`);
  };
}

/** The same for what is not null. */
function compilePresent(type: GraphQLOutputType): Complete {
  if (isListType(type)) return completeList(type.ofType, compileCompletion(type.ofType));
  if (isAbstractType(type)) return completeAbstract(type);
  if (isObjectType(type)) return completeObject(type);
  const serialize = compileLeaf(type);
  return (_at, value) => serialize(value);
}

const isString = (value: unknown): boolean => typeof value === 'string';

/** Which values the functions that serialise graphql-js's own scalars give back as they are. Schemas can replace them. */
const unchanged = new Map<unknown, (value: unknown) => boolean>([
  [GraphQLString.serialize, isString],
  [GraphQLID.serialize, isString],
  [GraphQLInt.serialize, (value) => typeof value === 'number' && (value | 0) === value],
  [GraphQLFloat.serialize, (value) => Number.isFinite(value)],
  [GraphQLBoolean.serialize, (value) => typeof value === 'boolean'],
]);

/** Compiles what the response has for values, which are not null, of a scalar or an enum. Throws for what is no value of it. */
export function compileLeaf(type: GraphQLLeafType): (value: unknown) => unknown {
  const isUnchanged = isScalarType(type) ? unchanged.get(type.serialize) : undefined;
  if (isUnchanged === undefined) return (value) => serialize(type, value);
  return (value) => (isUnchanged(value) ? value : serialize(type, value));
}

function serialize(type: GraphQLLeafType, value: unknown): unknown {
  const serialized = attempt(type, value);
  if (serialized != null) return serialized;
  throw new Error(
    `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to ` +
      `return non-nullable value, returned: ${inspect(serialized)}`,
  );
}

/**
 * To graphql-js, what a scalar complains of with a code is for the client to see; to the engines' executor no complaint
 * about what a resolver returned is. Those without a code are not shown in either case.
 */
function attempt(type: GraphQLLeafType, value: unknown): unknown {
  try {
    return type.serialize(value);
  } catch (error) {
    const isShown = error instanceof GraphQLError && error.extensions['code'] !== undefined;
    throw isShown ? new Error(error.message, { cause: error }) : error;
  }
}
