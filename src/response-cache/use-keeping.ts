import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { mapMaybePromise } from '../util/promises.ts';
import type { Answer } from './answer.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { ChangePlan } from './change-plan.ts';
import type { CachedExecution, ExecutionOf, Findings } from './findings.ts';
import type { Flight } from './flight.ts';
import { tagsOfChanges, tagsOfData } from './found-tags.ts';
import { holdOpaque } from './inspect-data.ts';
import type { CacheOutcome } from './outcome.ts';
import { recordReads } from './reads.ts';
import type { AnswerStore } from './store.ts';

export interface KeepingOptions<Context> {
  readonly cache: AnswerCache;
  readonly store: AnswerStore;
  readonly executionOf: ExecutionOf<Context>;
  /** Told what the cache has made of the result of an execution. */
  readonly onLanded: (context: Context, outcome: CacheOutcome) => void;
  /** Whether an error is the server's own fault, and nothing that a client has done. */
  readonly isFailure: (error: GraphQLError) => boolean;
  /** Whether a field that has failed with this error has done nothing. */
  readonly hasNoEffect: (error: GraphQLError) => boolean;
}

type Result = ExecutionResult | AsyncIterable<unknown>;

const nothing: Partial<CachedExecution> = {};

/** Keeps the answers that are made, and invalidates those that hold what a mutation has changed, before it is answered. */
export function useKeeping<Context extends object>(options: KeepingOptions<Context>): Plugin<Context> {
  return {
    onExecute({ args: { contextValue }, executeFn, setExecuteFn }) {
      const { flight, changes, findings } = options.executionOf(contextValue) ?? nothing;
      const plan = flight?.request.plan ?? changes;
      if (plan === undefined || findings === undefined) return undefined;
      setExecuteFn((args) => {
        const execute = (): MaybePromise<Result> => executeFn(args) as MaybePromise<Result>;
        const result = flight === undefined ? execute() : recordReads(flight.reads, execute);
        return plan.findsEntities && plan.opaque.size > 0 ? held(result, plan.opaque) : result;
      });
      return {
        onExecuteDone({ result, setResult }) {
          if (flight !== undefined) {
            const landed = land(
              options.cache,
              options.isFailure,
              { flight, findings },
              result as ExecutionResult,
            );
            return mapMaybePromise(landed, (outcome): undefined => {
              options.onLanded(contextValue, outcome);
              if (outcome.how === 'failure' && outcome.answer !== undefined)
                setResult(resultOf(outcome.answer));
            });
          }
          return changes && invalidateChanged(options, changes, findings, result);
        },
      };
    },
  };
}

/** The result without what is none of the business of those who find entities. */
function held(result: MaybePromise<Result>, opaque: ReadonlySet<string>): MaybePromise<Result> {
  return mapMaybePromise(result, (made) => {
    if (!isAsyncIterable(made)) holdOpaque(made.data, opaque);
    return made;
  });
}

function land(
  cache: AnswerCache,
  isFailure: (error: GraphQLError) => boolean,
  { flight, findings }: { readonly flight: Flight; readonly findings: Findings },
  result: ExecutionResult,
): MaybePromise<CacheOutcome> {
  return cache.land(flight, {
    result,
    tags: tagsOfData(flight.request.plan, result.data, findings.entities),
    restriction: findings.restriction,
    isFailure: result.errors?.every(isFailure) === true,
  });
}

function invalidateChanged(
  { store, hasNoEffect }: Pick<KeepingOptions<never>, 'store' | 'hasNoEffect'>,
  changes: ChangePlan,
  { entities }: Findings,
  result: Result,
): MaybePromise<undefined | { readonly onEnd: () => MaybePromise<void> }> {
  // Of a result that comes in parts it is not known what is in it.
  const known = isAsyncIterable(result) ? { data: null } : result;
  const invalidateAll = (): MaybePromise<void> =>
    store.invalidate(tagsOfChanges(changes, known, entities, hasNoEffect));
  return isAsyncIterable(result)
    ? { onEnd: invalidateAll }
    : mapMaybePromise(invalidateAll(), () => undefined);
}

/** A result whose data is read from the bytes only where somebody wants it: what is sent are the bytes. */
function resultOf({ body }: Answer): ExecutionResult {
  return {
    get data() {
      return (JSON.parse(body.toString()) as Required<ExecutionResult>).data;
    },
  };
}
