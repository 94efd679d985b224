import type { Plugin } from '@envelop/core';
import type { GraphQLSchema } from 'graphql';
import { hasNoEffect, isFailure } from '../../errors.ts';
import { type CoercedVariables, useCompiledExecution } from '../../execution/index.ts';
import {
  type AnswerCache,
  type AnswerStore,
  type CacheOutcome,
  useEntities,
  useKeeping,
} from '../../response-cache/index.ts';
import type { Admit } from '../admit.ts';
import type { OperationContext } from '../context.ts';
import type { Lifetimes, OperationLifetime } from '../lifetimes.ts';
import type { Prepare } from '../prepare.ts';
import type { Executing } from '../stages.ts';
import { useAdmission } from './use-admission.ts';
import { useErrors } from './use-errors.ts';
import { useSettling } from './use-settling.ts';

export interface PluginsOptions {
  readonly schema: GraphQLSchema;
  readonly prepare: Prepare;
  readonly admit: Admit;
  readonly cache: AnswerCache;
  readonly store: AnswerStore;
  readonly lifetimes: Lifetimes;
  /** Whether operations that are executed again are compiled; by default they are. */
  readonly compiles?: boolean;
}

/**
 * The envelop plugins that every execution runs through, whichever engine hosts it. They see an operation, and then its
 * result, in this order: errors are presented before the cache asks whose fault they are.
 */
export function createPlugins(options: PluginsOptions): Plugin<OperationContext>[] {
  const { schema, prepare, admit, cache, store, lifetimes, compiles = true } = options;
  return [
    useSettling(),
    useErrors(),
    useAdmission({ prepare, admit, lifetimes }),
    useCompiledExecution(schema, { coercedOf, stopOf, compiles }),
    useEntities(executionOf),
    useKeeping({ cache, store, executionOf, onLanded, isFailure, hasNoEffect }),
  ];
}

function executionOf({ sluice }: OperationContext): Executing | undefined {
  return sluice.executing;
}

function coercedOf({ sluice }: OperationContext): CoercedVariables | undefined {
  return sluice.executing?.prepared.variables;
}

function stopOf({ sluice }: OperationContext): OperationLifetime {
  return sluice.lifetime;
}

function onLanded({ sluice }: OperationContext, outcome: CacheOutcome): void {
  const { executing } = sluice;
  if (executing !== undefined) sluice.stage = { kind: 'executed', executing, outcome };
}
