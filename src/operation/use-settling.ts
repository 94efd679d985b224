import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { ExecutionResult } from 'graphql';
import type { OperationContext } from './context.ts';

/** Gives back what turned out not to count, once nothing more can happen. */
export function useSettling(): Plugin<OperationContext> {
  return {
    onExecute({ args: { contextValue } }) {
      const { progress } = contextValue;
      // Whoever was given the old answer has paid, and that is settled.
      if (progress.isRefresh === true) return undefined;
      const finish = (result?: ExecutionResult): void => {
        progress.admission?.finish(progress.outcome?.how === 'hit', result);
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
