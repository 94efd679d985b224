import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { ExecutionResult } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../util/clock.ts';
import { mapMaybePromise } from '../util/promises.ts';
import { type Answer, makeAnswer } from './answer.ts';
import type { CachePlan } from './cache-plan.ts';
import type { CacheRequest, LookUp } from './cache-request.ts';
import type { Restriction } from './findings.ts';
import { Flight, isLate } from './flight.ts';
import type { CacheOutcome } from './outcome.ts';
import type { AnswerStore, Kept } from './store.ts';
import type { Tag } from './tags.ts';

/** What to do with an operation: send an answer, or make one. */
export type Entry =
  | {
      readonly kind: 'given';
      readonly outcome: CacheOutcome;
      readonly answer: Answer;
      /** Set for the one who has to see to it that a fresh answer is made. It must be called when that has ended. */
      readonly refreshed?: () => void;
    }
  | { readonly kind: 'make'; readonly flight: Flight };

/** What an executed operation has come to. */
export interface Made {
  readonly result: ExecutionResult;
  /** What drops the answer because of the data in it. */
  readonly tags: readonly Tag[];
  /** What resolvers have said of it. */
  readonly restriction: Restriction;
  /** Whether the errors of the result are all the server's own fault. */
  readonly isFailure: boolean;
}

/** For how long operations do not wait for each other after one of them gave an answer that could not be shared. */
const apartMs = 10_000;
const mostApart = 10_000;
/** How often somebody waits for others whose answers a write then invalidates, or who are stuck. */
const mostWaits = 3;

/** Decides who is given a kept answer, who waits for one in the making, and who makes one. */
export class AnswerCache {
  readonly #store: AnswerStore;
  readonly #clock: Clock;
  readonly #flights = new Map<string, Flight>();
  /** The keys of stale answers in whose place fresh ones are being made, and since when. */
  readonly #refreshing = new Map<string, number>();
  /** The keys whose answers could not be shared, and until when that is remembered. */
  readonly #apart = new LRUCache<string, number>({ max: mostApart });

  readonly #forget = (flight: Flight): void => {
    const { key } = flight.request;
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  };

  constructor(store: AnswerStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Asks the store for the answer to an operation ahead of its turn, for `enter` to be given. */
  lookUp(request: CacheRequest): LookUp {
    return { request, answer: request.mayRead ? this.#store.get(request.key) : undefined };
  }

  /** Whether an answer is one that operations are given. */
  isGood(answer: Answer | undefined): boolean {
    return answer !== undefined && this.#clock.now() < answer.staleUntil;
  }

  /** @param known what has been looked up for it already */
  enter(request: CacheRequest, known?: Pick<LookUp, 'answer'>, waits = 0): MaybePromise<Entry> {
    if (!request.mayRead) return this.#make(request, true);
    return mapMaybePromise((known ?? this.lookUp(request)).answer, (answer) =>
      this.#decide(request, answer, waits),
    );
  }

  /** Ends a flight with what was made, and keeps that if it may be. */
  land(flight: Flight, made: Made): MaybePromise<CacheOutcome> {
    const { plan, mayRead } = flight.request;
    const common = { how: mayRead ? 'miss' : 'request', scope: plan.scope } as const;
    const { result, restriction } = made;
    if (result.errors !== undefined || result.data == null) return this.#fail(flight, made);
    const isNotShared = restriction.scope === 'PRIVATE' && plan.scope !== 'PRIVATE';
    const isUnwanted = restriction.maxAge === 0 || isNotShared;
    if (flight.reads.areUnknown || isUnwanted) {
      this.#keepApart(flight);
      return { ...common, stored: isUnwanted ? 'not-wanted' : 'unknown-tables' };
    }
    const answer = makeAnswer(result.data, shortened(plan, restriction.maxAge), this.#clock.now());
    return mapMaybePromise(this.#keep(flight, answer, made.tags), (stored) =>
      stored === 'stored' ? { ...common, answer, stored: true } : { ...common, stored },
    );
  }

  #keep(flight: Flight, answer: Answer, found: readonly Tag[]): MaybePromise<Kept | 'not-wanted'> {
    const { pending, request } = flight;
    const tags = [...flight.tags, ...found];
    const kept: MaybePromise<Kept | 'not-wanted'> = request.mayKeep
      ? pending.keep(request.key, answer, tags)
      : 'not-wanted';
    return mapMaybePromise(kept, (stored) => {
      // Asked only now: while a store was keeping it, somebody may have written, and others have come to wait.
      // Where the store could not say, it may have been.
      const mayBeInvalidated = stored === 'invalidated' || stored === 'unavailable';
      flight.land({ answer, isInvalidated: mayBeInvalidated || pending.isInvalidated(tags) });
      return stored;
    });
  }

  #keepApart(flight: Flight): void {
    this.#apart.set(flight.request.key, this.#clock.now() + apartMs);
    flight.abandon();
  }

  #decide(request: CacheRequest, answer: Answer | undefined, waits: number): MaybePromise<Entry> {
    const now = this.#clock.now();
    if (answer !== undefined && now < answer.staleUntil) return this.#give(request, answer, now);
    if (waits > mostWaits || (this.#apart.get(request.key) ?? 0) > now) return this.#make(request, false);
    const flight = this.#flights.get(request.key);
    // An answer that a write has invalidated already is not for those who come after the write.
    const isInvalidated = flight === undefined || flight.pending.isInvalidated(flight.tags);
    return isInvalidated || flight.isLate(now)
      ? this.#make(request, true)
      : this.#wait(request, flight, waits);
  }

  #give({ key, plan: { scope } }: CacheRequest, answer: Answer, now: number): Entry {
    const given = { kind: 'given', outcome: { how: 'hit', scope, answer }, answer } as const;
    const isRefreshing = !isLate(this.#refreshing.get(key) ?? -Infinity, now);
    if (now < answer.freshUntil || isRefreshing || this.#flights.get(key)?.isLate(now) === false)
      return given;
    this.#refreshing.set(key, now);
    return {
      ...given,
      refreshed: () => {
        this.#refreshed(key, now);
      },
    };
  }

  #refreshed(key: string, since: number): void {
    if (this.#refreshing.get(key) === since) this.#refreshing.delete(key);
  }

  async #wait(request: CacheRequest, flight: Flight, waits: number): Promise<Entry> {
    const arrival = this.#store.begin();
    arrival.abandon();
    const landing = await flight.wait(this.#clock.now());
    if (landing === undefined) return this.enter(request, undefined, waits + 1);
    const { answer, isInvalidated, isLeft } = landing;
    if (isLeft === true) return this.enter(request, undefined, waits + 1);
    if (answer === undefined) return this.#make(request, false);
    // Of those who came with the first one, no one can have seen a write that came later.
    if (isInvalidated && arrival.begun !== flight.pending.begun)
      return this.enter(request, undefined, waits + 1);
    const how = this.#clock.now() < answer.freshUntil ? 'collapsed' : 'failure';
    return { kind: 'given', outcome: { how, scope: request.plan.scope, answer }, answer };
  }

  #make(request: CacheRequest, isJoinable: boolean): Entry {
    const flight = new Flight(request, this.#store.begin(), this.#clock.now(), this.#forget);
    if (isJoinable && request.mayKeep) this.#flights.set(request.key, flight);
    return { kind: 'make', flight };
  }

  /** An old answer is better than a failure, but not than what a client has done wrong. */
  #fail(flight: Flight, { isFailure }: Made): MaybePromise<CacheOutcome> {
    const { key, plan, mayRead } = flight.request;
    const failed = { how: mayRead ? 'miss' : 'request', scope: plan.scope, stored: 'error' } as const;
    return mapMaybePromise(isFailure && mayRead ? this.#store.get(key) : undefined, (answer) => {
      const isGood = answer !== undefined && this.#clock.now() < answer.errorUntil;
      flight.land({ answer: isGood ? answer : undefined, isInvalidated: false });
      return isGood ? { how: 'failure', scope: plan.scope, answer } : failed;
    });
  }
}

function shortened(plan: CachePlan, maxAge: number | undefined): CachePlan {
  return maxAge === undefined ? plan : { ...plan, maxAge: Math.min(plan.maxAge, maxAge) };
}
