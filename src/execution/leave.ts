import {
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  type GraphQLError,
  OperationTypeNode,
} from 'graphql';
import type { Stop } from './execution.ts';
import { isObject, isPromise } from './is-promise.ts';

/** Leaves an operation to another executor, which is given the signal. What that returns is returned. */
export function leave<Result>(
  args: ExecutionArgs,
  fallback: (args: ExecutionArgs) => Result,
  stop: Stop | undefined,
): Result | ExecutionResult | PromiseLike<ExecutionResult> {
  if (stop === undefined || isMutation(args)) return fallback(args);
  if (stop.reason !== undefined) return endedBy(stop.reason);
  // What is made of a result here stays one.
  const checked = (result: unknown): Result => checkedSize(result, stop) as Result;
  const result = fallback({ ...args, signal: stop.signal } as ExecutionArgs);
  if (!isPromise(result)) return checked(result);
  return result.then(checked, (error: unknown) => {
    // It fails with the reason where it is ended.
    if (stop.reason === undefined) throw error;
    return endedBy(stop.reason);
  }) as PromiseLike<ExecutionResult>;
}

function isMutation({ document, operationName }: ExecutionArgs): boolean {
  return getOperationAST(document, operationName)?.operation === OperationTypeNode.MUTATION;
}

function checkedSize(result: unknown, stop: Stop): unknown {
  if (!isObject(result) || !('data' in result)) return result;
  spendOn(result['data'], stop);
  return stop.reason === undefined ? result : endedBy(stop.reason);
}

function endedBy(reason: GraphQLError): ExecutionResult {
  return { errors: [reason] };
}

/** Counts what a value takes at least in a response, until that is too much. */
function spendOn(value: unknown, stop: Stop): void {
  if (typeof value === 'string') stop.spend(value.length);
  if (!isObject(value)) return;
  for (const [key, below] of Object.entries(value)) {
    if (stop.reason !== undefined) return;
    stop.spend(Array.isArray(value) ? 1 : key.length + 4);
    spendOn(below, stop);
  }
}
