import type { Plugin } from '@envelop/core';
import type { GraphQLSchema } from 'graphql';
import { createExecute } from './create-execute.ts';

/**
 * Has operations on a schema executed compiled where that is possible, and by the engine's own function else. Plugins
 * that come later in the list can still wrap the execution.
 */
export function useCompiledExecution<Context extends object>(schema: GraphQLSchema): Plugin<Context> {
  const execute = createExecute(schema);
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => execute<unknown>(args, executeFn));
    },
  };
}
