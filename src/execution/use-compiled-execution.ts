import type { Plugin } from '@envelop/core';
import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import type { CoercedVariables } from './coerce-variables.ts';
import { createExecute } from './create-execute.ts';
import type { Stop } from './execution.ts';

interface CompiledExecutionOptions<Context> {
  /**
   * The variables of an operation, where they were coerced on the same schema before it is executed. They are used if
   * the operation still has the same definitions and variables then.
   */
  readonly coercedOf?: (context: Context, args: ExecutionArgs) => CoercedVariables | undefined;
  /** What ends an operation. */
  readonly stopOf?: (context: Context) => Stop | undefined;
  /** Whether anything is compiled; by default it is. */
  readonly compiles?: boolean;
}

/**
 * Has operations on a schema executed compiled where that is possible, and by the engine's own function else. Plugins
 * that come later in the list can still wrap the execution.
 */
export function useCompiledExecution<Context extends object>(
  schema: GraphQLSchema,
  { coercedOf, stopOf, compiles }: CompiledExecutionOptions<Context> = {},
): Plugin<Context> {
  const execute = createExecute(schema, compiles);
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) =>
        execute<unknown>(
          args,
          executeFn,
          coercedOf?.(args.contextValue as Context, args),
          stopOf?.(args.contextValue as Context),
        ),
      );
    },
  };
}
