import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { ExecutionResult } from 'graphql';
import type { OperationContext } from '../context.ts';
import { limitExtension } from '../rate-limit/index.ts';
import { presentErrors } from './errors.ts';

/** Makes of results what clients may see: unexpected errors are masked, and limits are told of where that is wanted. */
export function useErrors({
  withLimitExtension,
}: {
  readonly withLimitExtension: boolean;
}): Plugin<OperationContext> {
  const present = (result: ExecutionResult, context: OperationContext): ExecutionResult => {
    const presented = presentErrors(result, context);
    const states = withLimitExtension ? (context.progress.admission?.states ?? []) : [];
    if (states.length === 0) return presented;
    // On a copy: what the cache keeps is shared between callers.
    return { ...presented, extensions: { ...presented.extensions, rateLimit: limitExtension(states) } };
  };
  return {
    onExecute: ({ args: { contextValue } }) => ({
      onExecuteDone({ result, setResult }) {
        if (!isAsyncIterable(result)) setResult(present(result, contextValue));
        else
          return {
            onNext: (next) => {
              next.setResult(presentErrors(next.result, contextValue));
            },
          };
        return undefined;
      },
    }),
    onSubscribe: ({ args: { contextValue } }) => ({
      onSubscribeResult: ({ result, setResult }) => {
        if (!isAsyncIterable(result)) setResult(present(result, contextValue));
        return {
          onNext: (next) => {
            next.setResult(presentErrors(next.result, contextValue));
          },
        };
      },
    }),
  };
}
