import {
  defaultTypeResolver,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  isObjectType,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { executeFields } from './execute-operation.ts';
import type { CompiledSelection, Complete, FieldExecution } from './execution.ts';
import { isPromise } from './is-promise.ts';

/** Compiles how an object is completed. What is asked of it is compiled when the first one is there. */
export function completeObject(type: GraphQLObjectType): Complete {
  const { isTypeOf } = type;
  let known: CompiledSelection | undefined;
  if (isTypeOf == null) {
    return (at, value, path) => {
      known ??= at.field.select(at.execution, type);
      return executeFields(at.execution, known, value, path);
    };
  }
  return (at, value, path) => {
    const { field, execution } = at;
    const selection = (known ??= field.select(execution, type));
    const proceed = (isOfType: boolean): unknown => {
      if (isOfType) return executeFields(execution, selection, value, path);
      const message = `Expected value of type "${type.name}" but got: ${inspect(value)}.`;
      throw new GraphQLError(message, { nodes: field.nodes });
    };
    const answer = isTypeOf.call(type, value, execution.contextValue, at.info);
    return isPromise(answer) ? answer.then(proceed) : proceed(answer);
  };
}

/** Compiles how a value of an interface or a union is completed: as the object type that it turns out to be. */
export function completeAbstract(type: GraphQLAbstractType): Complete {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const completions = new Map<unknown, Complete>();
  return (at, value, path) => {
    const proceed = (name: unknown): unknown => {
      const complete = completions.get(name) ?? completeObject(possibleType(at, type, name, value));
      completions.set(name, complete);
      return complete(at, value, path);
    };
    const name: unknown = resolveType(value, at.execution.contextValue, at.info, type);
    return isPromise(name) ? name.then(proceed) : proceed(name);
  };
}

/** The type of a name. Throws, in the words of graphql-js, if there is none or the value cannot be of it. */
function possibleType(
  { execution: { schema }, field: { nodes, coordinate } }: FieldExecution,
  abstract: GraphQLAbstractType,
  name: unknown,
  value: unknown,
): GraphQLObjectType {
  const must = `Abstract type "${abstract.name}" must resolve to an Object type at runtime for field "${coordinate}"`;
  const was = `Abstract type "${abstract.name}" was resolved to a`;
  if (name == null) {
    throw new GraphQLError(
      `${must}. Either the "${abstract.name}" type should provide a "resolveType" function or each possible type ` +
        'should provide an "isTypeOf" function.',
      { nodes },
    );
  }
  if (isObjectType(name)) {
    throw new GraphQLError(
      'Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type ' +
        'name instead.',
    );
  }
  if (typeof name !== 'string') {
    throw new GraphQLError(`${must} with value ${inspect(value)}, received "${inspect(name)}".`);
  }
  const type = schema.getType(name);
  if (type == null) {
    throw new GraphQLError(`${was} type "${name}" that does not exist inside the schema.`, { nodes });
  }
  if (!isObjectType(type)) throw new GraphQLError(`${was} non-object type "${name}".`, { nodes });
  if (schema.isSubType(abstract, type)) return type;
  const message = `Runtime Object type "${type.name}" is not a possible type for "${abstract.name}".`;
  throw new GraphQLError(message, { nodes });
}
