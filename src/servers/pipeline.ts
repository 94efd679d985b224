import type { Plugin } from '@envelop/core';
import type { OperationContext } from '../context.ts';
import { isFailure, isRefusal } from '../errors.ts';
import { useEntities, useKeeping, type AnswerCache, type AnswerStore } from '../response-cache/index.ts';
import type { Admit } from './admit.ts';
import { useAdmission } from './use-admission.ts';
import { useErrors } from './use-errors.ts';
import { useSettling } from './use-settling.ts';

export interface PipelineOptions {
  readonly admit: Admit;
  readonly cache: AnswerCache;
  readonly store: AnswerStore;
}

/**
 * The envelop plugins that every execution runs through, whichever server hosts it. They see an operation, and then its
 * result, in this order: errors are presented before the cache asks whose fault they are.
 */
export function createPipeline({ admit, cache, store }: PipelineOptions): Plugin<OperationContext>[] {
  return [
    useSettling(),
    useErrors(),
    useAdmission(admit),
    useEntities(),
    useKeeping({ cache, store, isFailure, isRefusal }),
  ];
}
