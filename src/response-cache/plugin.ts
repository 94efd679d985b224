import type { Plugin } from '@envelop/core';
import { useResponseCache, type Cache } from '@envelop/response-cache';
import type { Caller } from '../caller/caller.ts';
import type { Clock } from '../clock.ts';
import type { Answers } from './answers.ts';
import { answerKey, ownerOf } from './key.ts';
import type { CachePlan } from './plan.ts';

/** What the cache reads from an operation's context, and writes to it. */
export interface CacheContext {
  readonly caller: Caller;
  readonly operation?:
    | {
        readonly canonical: string;
        readonly variables: readonly string[];
        readonly cache: CachePlan | undefined;
      }
    | undefined;
  /** Header fields of the response, by name. */
  readonly headers: Map<string, string>;
}

/** Answers cacheable operations from kept answers, and keeps those of the others, through \@envelop/response-cache. */
export function useAnswerCache<Context extends CacheContext>({
  answers,
  clock,
}: {
  answers: Answers;
  clock: Clock;
}): Plugin<Context> {
  return useResponseCache<Context>({
    cache: (context) => viewOf(answers, clock, context as CacheContext),
    enabled: (context) => mayKeep(context),
    session: (context) => (planOf(context)?.scope === 'PRIVATE' ? ownerOf(context.caller) : null),
    buildResponseCacheKey: ({ variableValues, sessionId, context }) => {
      const operation = (context as CacheContext).operation;
      return answerKey({
        canonical: operation?.canonical ?? '',
        declared: operation?.variables ?? [],
        variables: variableValues ?? {},
        owner: sessionId ?? null,
      });
    },
    // The plan knows every type that the answer can hold, and that a field's maxAge stands over its type's.
    onTtl: ({ context }) => (planOf(context)?.maxAge ?? 0) * 1000,
    // Tags come from the plan. Ids asked for only to find entities would show in the answer where they are null.
    idFields: [],
    shouldCacheResult: ({ result }) => result.errors === undefined && result.data != null,
    includeExtensionMetadata: false,
  });
}

function planOf({ operation }: CacheContext): CachePlan | undefined {
  return operation?.cache;
}

function mayKeep(context: CacheContext): boolean {
  const plan = planOf(context);
  return plan !== undefined && (plan.scope === 'PUBLIC' || ownerOf(context.caller) !== null);
}

/** The answers as one operation sees them. */
function viewOf(answers: Answers, clock: Clock, { operation, headers }: CacheContext): Cache {
  const begun = answers.generation();
  return {
    get(key) {
      const answer = answers.get(key);
      const left = answer === undefined ? 0 : Math.ceil((answer.freshUntil - clock.now()) / 1000);
      headers.set('Cache-Status', answer === undefined ? 'sluice; fwd=miss' : `sluice; hit; ttl=${left}`);
      return answer?.result;
    },
    set(key, result, _entities, ttl) {
      // A read that a write has overtaken would be kept stale.
      if (answers.generation() !== begun) return;
      answers.set(key, result, operation?.cache?.tags ?? [], ttl / 1000);
      headers.set('Cache-Status', 'sluice; fwd=miss; stored');
    },
    invalidate: () => undefined,
  };
}
