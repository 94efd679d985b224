import { type ExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql';
import { executeFields, executeSerially } from './execute-fields.ts';
import type { Execution } from './execution.ts';
import type { HotOperation } from './hot-operation.ts';
import { isPromise } from './is-promise.ts';

type Data = Record<string, unknown>;

/** Executes an operation: a result if no resolver made a promise, else a promise of one that is never rejected. */
export function executeOperation(
  operation: HotOperation,
  execution: Execution,
): ExecutionResult | PromiseLike<ExecutionResult> {
  const fail = (error: unknown): ExecutionResult => {
    execution.errors.add(undefined, error as GraphQLError);
    return respond(execution, null);
  };
  try {
    const selection = operation.select(execution);
    const data =
      operation.definition.operation === OperationTypeNode.MUTATION
        ? executeSerially(execution, selection, execution.rootValue)
        : executeFields(execution, selection, execution.rootValue, undefined);
    if (!isPromise(data)) return respond(execution, data as Data);
    return data.then((done) => respond(execution, done as Data), fail);
  } catch (error) {
    return fail(error);
  }
}

function respond({ errors: { errors } }: Execution, data: Data | null): ExecutionResult {
  return errors.length === 0 ? { data } : { errors, data };
}
