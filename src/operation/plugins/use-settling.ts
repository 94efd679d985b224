import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { ExecutionResult } from 'graphql';
import type { OperationContext } from '../context.ts';

/** Gives back what turned out not to count, once nothing more can happen. */
export function useSettling(): Plugin<OperationContext> {
  return {
    onExecute({ args: { contextValue } }) {
      const finish = (result?: ExecutionResult): void => {
        const { executing } = contextValue.sluice;
        // Whoever was given the old answer in place of a fresh one has paid, and that is settled.
        if (!executing.isRefresh) executing.admission.finish(false, result);
      };
      return {
        onExecuteDone({ result }) {
          if (!isAsyncIterable(result)) finish(result);
          else
            return {
              onEnd: () => {
                finish();
              },
            };
          return undefined;
        },
      };
    },
  };
}
