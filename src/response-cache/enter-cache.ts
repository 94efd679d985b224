import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { mapMaybePromise } from '../util/promises.ts';
import type { Answer } from './answer.ts';
import type { AnswerCache, Entry } from './answer-cache.ts';
import type { CacheContext } from './cache-context.ts';
import type { CacheRequest } from './flight.ts';
import { answerKey, ownerOf } from './key.ts';

type Variables = Readonly<Record<string, unknown>>;

/**
 * Gives an operation, which must have been admitted, the answer that is kept or in the making. Where there is none, it
 * notes in its progress that one is to be made, if anybody may keep it.
 */
export function enterCache(
  cache: AnswerCache,
  context: CacheContext,
  variables: Variables,
): MaybePromise<Answer | undefined> {
  const { progress } = context;
  // What has not been admitted cannot be executed: its variables are no good.
  if (progress.admission?.isDenied !== false) return undefined;
  const known = progress.lookUp;
  const request = known?.request ?? requestOf(context, variables);
  if (request === undefined) return undefined;
  return mapMaybePromise(cache.enter(request, known), (entry: Entry): Answer | undefined => {
    if (entry.kind === 'make') {
      progress.flight = entry.flight;
      return undefined;
    }
    progress.outcome = entry.outcome;
    if (entry.refreshed !== undefined) progress.refreshed = entry.refreshed;
    return entry.answer;
  });
}

/**
 * Asks for the answer to the operation of this context with these variables ahead of its turn.
 * @returns whether there is one
 */
export function lookUpAnswer(
  cache: AnswerCache,
  context: CacheContext,
  variables: Variables,
): MaybePromise<boolean> {
  const request = requestOf(context, variables);
  if (request === undefined) return false;
  const answer = cache.lookUp(request);
  context.progress.lookUp = { request, answer };
  return mapMaybePromise(answer, (found) => cache.isGood(found));
}

/** What the operation of a context asks of the cache; undefined where it has no business with it. */
function requestOf(
  { caller, requestCacheControl, progress }: CacheContext,
  variables: Variables,
): CacheRequest | undefined {
  const { operation, isRefresh = false, isStream = false } = progress;
  const plan = operation?.cache;
  if (operation === undefined || plan === undefined || isStream) return undefined;
  const owner = plan.scope === 'PRIVATE' ? ownerOf(caller) : null;
  if (plan.scope === 'PRIVATE' && owner === null) return undefined;
  const { noCache = false, noStore = false } = requestCacheControl ?? {};
  const key = answerKey({ digest: operation.digest, declared: operation.variables, variables, owner });
  if (key === undefined) return undefined;
  return { key, plan, mayRead: !noCache && !noStore && !isRefresh, mayKeep: !noStore };
}
