import type { Plugin } from '@envelop/core';
import type { OperationContext } from '../context.ts';
import { useErrors } from './use-errors.ts';
import { useOperation, type OperationOptions } from './use-operation.ts';
import { useSettling } from './use-settling.ts';

export interface PipelineOptions extends OperationOptions {
  readonly useAnswerCache: Plugin<OperationContext>;
  /** Whether answers tell of the limits they were under. */
  readonly withLimitExtension: boolean;
}

/**
 * The envelop plugins that every operation runs through, whichever server hosts it. They see an operation, and then its
 * result, in this order: limits are settled before an answer tells of them.
 */
export function createPipeline(options: PipelineOptions): Plugin<OperationContext>[] {
  return [useSettling(options), useErrors(options), useOperation(options), options.useAnswerCache];
}
