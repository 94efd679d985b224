import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { OperationContext } from '../context.ts';
import { presentErrors } from '../present-errors.ts';

/** Makes of results what clients may see: unexpected errors are masked. */
export function useErrors(): Plugin<OperationContext> {
  return {
    onExecute: ({ args: { contextValue } }) => ({
      onExecuteDone({ result, setResult }) {
        if (!isAsyncIterable(result)) setResult(presentErrors(result, contextValue));
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
        if (!isAsyncIterable(result)) setResult(presentErrors(result, contextValue));
        return {
          onNext: (next) => {
            next.setResult(presentErrors(next.result, contextValue));
          },
        };
      },
    }),
  };
}
