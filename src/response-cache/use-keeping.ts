import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { mapMaybePromise } from '../util/promises.ts';
import type { Answer } from './answer.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { CacheContext, CacheProgress } from './cache-context.ts';
import type { ChangePlan } from './change-plan.ts';
import type { Flight } from './flight.ts';
import { tagsOfChanges, tagsOfData } from './found-tags.ts';
import { holdOpaque } from './inspect.ts';
import { recordReads } from './reads.ts';
import type { AnswerStore } from './store.ts';

export interface KeepingOptions {
  readonly cache: AnswerCache;
  readonly store: AnswerStore;
  /** Whether an error is the server's own fault, and nothing that a client has done. */
  readonly isFailure: (error: GraphQLError) => boolean;
  /** Whether a field that has failed with this error has done nothing. */
  readonly isRefusal: (error: GraphQLError) => boolean;
}

type Result = ExecutionResult | AsyncIterable<unknown>;
type SetResult = (result: ExecutionResult) => void;

/** Keeps the answers that are made, and drops those that hold what a mutation has changed, before it is answered. */
export function useKeeping<Context extends CacheContext>(options: KeepingOptions): Plugin<Context> {
  return {
    onExecute({ args: { contextValue }, executeFn, setExecuteFn }) {
      const { flight, operation } = contextValue.progress;
      const changes = operation?.changes;
      const plan = flight?.request.plan ?? changes;
      if (plan === undefined) return undefined;
      setExecuteFn((args) => {
        const execute = (): MaybePromise<Result> => executeFn(args) as MaybePromise<Result>;
        const result = flight === undefined ? execute() : recordReads(flight.reads, execute);
        return plan.findsEntities && plan.opaque.size > 0 ? held(result, plan.opaque) : result;
      });
      return {
        onExecuteDone({ result, setResult }) {
          if (flight !== undefined) {
            return land(options, flight, contextValue.progress, result as ExecutionResult, setResult);
          }
          return changes && drop(options, changes, contextValue.progress, result);
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
  { cache, isFailure }: KeepingOptions,
  flight: Flight,
  progress: CacheProgress,
  result: ExecutionResult,
  setResult: SetResult,
): MaybePromise<undefined> {
  const tags = tagsOfData(flight.request.plan, result.data, progress.entities ?? []);
  const isFailed = result.errors?.every(isFailure) === true;
  const made = { result, tags, restriction: progress.restriction ?? {}, isFailure: isFailed };
  return mapMaybePromise(cache.land(flight, made), (outcome): undefined => {
    progress.outcome = outcome;
    if (outcome.how === 'failure' && outcome.answer !== undefined) setResult(resultOf(outcome.answer));
  });
}

function drop(
  { store, isRefusal }: KeepingOptions,
  changes: ChangePlan,
  progress: CacheProgress,
  result: Result,
): MaybePromise<undefined | { readonly onEnd: () => MaybePromise<void> }> {
  // Of a result that comes in parts it is not known what is in it.
  const known = isAsyncIterable(result) ? { data: null } : result;
  const dropAll = (): MaybePromise<void> =>
    store.invalidate(tagsOfChanges(changes, known, progress.entities ?? [], isRefusal));
  return isAsyncIterable(result) ? { onEnd: dropAll } : mapMaybePromise(dropAll(), () => undefined);
}

/** A result whose data is read from the bytes only where somebody wants it: what is sent are the bytes. */
function resultOf({ body }: Answer): ExecutionResult {
  return {
    get data() {
      return (JSON.parse(body.toString()) as Required<ExecutionResult>).data;
    },
  };
}
