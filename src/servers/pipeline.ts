import type { Plugin } from '@envelop/core';
import type { OperationContext } from '../context.ts';
import { isFailure, isRefusal } from '../errors.ts';
import {
  lookUpAnswer,
  useAnswers,
  useEntities,
  useKeeping,
  type AnswerCache,
  type AnswerStore,
} from '../response-cache/index.ts';
import { useErrors } from './use-errors.ts';
import { useOperation, type OperationOptions } from './use-operation.ts';
import { useSettling } from './use-settling.ts';

export interface PipelineOptions extends Omit<OperationOptions, 'lookUpAnswer'> {
  readonly cache: AnswerCache;
  readonly store: AnswerStore;
}

/**
 * The envelop plugins that every operation runs through, whichever server hosts it. They see an operation, and then its
 * result, in this order: errors are presented before the cache asks whose fault they are.
 */
export function createPipeline(options: PipelineOptions): Plugin<OperationContext>[] {
  const { cache, store } = options;
  return [
    useSettling(),
    useErrors(),
    useOperation({
      ...options,
      lookUpAnswer: (context, variables) => lookUpAnswer(cache, context, variables),
    }),
    useAnswers(cache),
    useEntities(),
    useKeeping({ cache, store, isFailure, isRefusal }),
  ];
}
