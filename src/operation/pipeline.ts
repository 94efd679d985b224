import type { Plugin } from '@envelop/core';
import type { GraphQLSchema } from 'graphql';
import { isFailure, isRefusal } from '../errors.ts';
import { type CoercedVariables, useCompiledExecution } from '../execution/index.ts';
import { type AnswerCache, type AnswerStore, useEntities, useKeeping } from '../response-cache/index.ts';
import type { Admit } from './admit.ts';
import type { OperationContext } from './context.ts';
import { useAdmission } from './use-admission.ts';
import { useErrors } from './use-errors.ts';
import { useSettling } from './use-settling.ts';

export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  readonly admit: Admit;
  readonly cache: AnswerCache;
  readonly store: AnswerStore;
  /** Whether operations that are executed again are compiled; by default they are. */
  readonly compiles?: boolean;
}

/**
 * The envelop plugins that every execution runs through, whichever server hosts it. They see an operation, and then its
 * result, in this order: errors are presented before the cache asks whose fault they are.
 */
export function createPipeline(options: PipelineOptions): Plugin<OperationContext>[] {
  const { schema, admit, cache, store, compiles = true } = options;
  return [
    useSettling(),
    useErrors(),
    useAdmission(admit),
    ...(compiles ? [useCompiledExecution(schema, { coercedOf })] : []),
    useEntities(),
    useKeeping({ cache, store, isFailure, isRefusal }),
  ];
}

function coercedOf({ progress }: OperationContext): CoercedVariables | undefined {
  return progress.coerced;
}
