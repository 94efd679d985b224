import { GraphQLError, type GraphQLObjectType } from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import type { CompiledSelection } from './compiled.ts';
import type { Complete } from './complete.ts';
import { executeFields } from './execute-fields.ts';
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
