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
  readonly progress: {
    readonly operation?:
      | {
          readonly canonical: string;
          readonly variables: readonly string[];
          readonly cache: CachePlan | undefined;
        }
      | undefined;
    /** What limits say of it. An answer that lacks what is denied is of no use to others, and theirs not for this caller. */
    readonly admission?: { readonly isDenied: boolean } | undefined;
    /** Whether the answer came from the cache. */
    isHit?: boolean;
  };
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
    buildResponseCacheKey: ({ variableValues, context }) =>
      keyOf(context as CacheContext, variableValues ?? {}),
    // The plan knows every type that the answer can hold, and that a field's maxAge stands over its type's.
    onTtl: ({ context }) => (planOf(context)?.maxAge ?? 0) * 1000,
    // Tags come from the plan. Ids asked for only to find entities would show in the answer where they are null.
    idFields: [],
    shouldCacheResult: ({ result }) => result.errors === undefined && result.data != null,
    includeExtensionMetadata: false,
  });
}

/** Whether there is an answer to the operation of this context with these variables. */
export function holdsAnswer(answers: Answers, context: CacheContext, variables: Variables): boolean {
  return mayKeep(context) && answers.get(keyOf(context, variables)) !== undefined;
}

type Variables = Readonly<Record<string, unknown>>;

function keyOf(context: CacheContext, variables: Variables): string {
  const { operation } = context.progress;
  return answerKey({
    canonical: operation?.canonical ?? '',
    declared: operation?.variables ?? [],
    variables,
    owner: planOf(context)?.scope === 'PRIVATE' ? ownerOf(context.caller) : null,
  });
}

function planOf({ progress: { operation } }: CacheContext): CachePlan | undefined {
  return operation?.cache;
}

function mayKeep(context: CacheContext): boolean {
  const plan = planOf(context);
  if (plan === undefined || context.progress.admission?.isDenied === true) return false;
  return plan.scope === 'PUBLIC' || ownerOf(context.caller) !== null;
}

/** The answers as one operation sees them. */
function viewOf(answers: Answers, clock: Clock, { progress, headers }: CacheContext): Cache {
  const begun = answers.generation();
  return {
    get(key) {
      const answer = answers.get(key);
      const left = answer === undefined ? 0 : Math.ceil((answer.freshUntil - clock.now()) / 1000);
      headers.set('Cache-Status', answer === undefined ? 'sluice; fwd=miss' : `sluice; hit; ttl=${left}`);
      progress.isHit = answer !== undefined;
      return answer?.result;
    },
    set(key, result, _entities, ttl) {
      // A read that a write has overtaken would be kept stale.
      if (answers.generation() !== begun) return;
      answers.set(key, result, progress.operation?.cache?.tags ?? [], ttl / 1000);
      headers.set('Cache-Status', 'sluice; fwd=miss; stored');
    },
    invalidate: () => undefined,
  };
}
