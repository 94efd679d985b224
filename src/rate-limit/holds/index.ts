import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import { mapMaybePromise } from '../../util/promises.ts';
import type { BucketStore, Decision, OperationCharges, Taken } from '../store.ts';
import { type Awaited, awaitedAfter, awaitedBefore, withShortWaits } from './awaited.ts';
import { Lines, type Place } from './lines.ts';
import { asTaken, type Marked, marked, markOf, takenBy, withoutMarks } from './marks.ts';

/** How long an operation waits for the outcome of others, in milliseconds. */
const longestWaitMs = 5000;
/** How often the first in a line looks at what others have given back, in milliseconds: from often to seldom. */
const firstLookMs = 10;
const longestLookMs = 100;

/** Units of which it is known what becomes of them. */
export interface Settled extends Taken {
  /** Whether they stay taken, and only the hold on them ends. */
  readonly isCounted: boolean;
}

/** Charges operations, of which the units that may come back are held until the outcome is known. */
export interface Holds {
  /**
   * As the store does; but an operation that lacks nothing but units that others hold waits for what becomes of those,
   * and nothing is taken for it meanwhile.
   */
  charge(operation: OperationCharges): MaybePromise<Decision>;
  /** Ends the hold on units that `store` took at `takenAt`, and gives back those that do not count. */
  settle(settled: readonly Settled[], takenAt: number, store: BucketStore): void;
}

/**
 * Holds on units in a store. Units are taken when an attempt is admitted, so that no more than the limit can ever turn
 * out to count; whoever is short of them because of attempts under way is told once those have ended, and not before.
 * See docs/decisions/holds.md.
 */
export function createHolds(store: BucketStore): Holds {
  const lines = new Lines();

  function conclude(operation: Marked, decision: Decision): MaybePromise<Decision> {
    const key = keyAwaited(operation, awaitedAfter(operation, decision));
    if (key === undefined || !lines.hasRoom(key)) return told(operation, decision);
    return mapMaybePromise(giveBack(operation, decision), () => wait(operation, key));
  }

  /** Nothing is held for an operation that waits. */
  function giveBack(operation: Marked, decision: Decision): MaybePromise<void> {
    const taken = asTaken(operation, takenBy(operation, decision));
    return taken.length === 0 ? undefined : (decision.takenBy ?? store).giveBack(taken, decision.takenAt);
  }

  async function wait(operation: Marked, first: string): Promise<Decision> {
    const until = performance.now() + longestWaitMs;
    let key = first;
    for (let isAgain = false; ; isAgain = true) {
      const place = lines.join(key);
      let decision: Decision | undefined;
      let next: string | undefined;
      try {
        await place.isFirst;
        if (isAgain) await place.woken(firstLookMs);
        next = await watch(operation, { key, place, until });
        if (next === undefined) decision = await store.charge(operation.operation);
      } finally {
        place.leave();
      }
      if (decision !== undefined) {
        next =
          performance.now() < until ? keyAwaited(operation, awaitedAfter(operation, decision)) : undefined;
        if (next === undefined || !lines.hasRoom(next)) return told(operation, decision);
        await giveBack(operation, decision);
      }
      key = next ?? key;
    }
  }

  /**
   * Looks until there is nothing to wait for in this line any more, or no time.
   * @returns the key of another bucket that the operation has to wait for
   */
  async function watch(
    operation: Marked,
    { key, place, until }: { readonly key: string; readonly place: Place; readonly until: number },
  ): Promise<string | undefined> {
    for (let ms = firstLookMs; ; ms = Math.min(2 * ms, longestLookMs)) {
      const levels = await store.levels(operation.operation.buckets);
      const awaited = keyAwaited(operation, awaitedBefore(operation, levels));
      const left = until - performance.now();
      if (awaited === undefined || left <= 0) return undefined;
      if (awaited !== key && lines.hasRoom(awaited)) return awaited;
      await place.woken(Math.min(ms, left));
    }
  }

  return {
    charge(operation) {
      if (!operation.buckets.some(({ awaitsOutcome }) => awaitsOutcome === true))
        return store.charge(operation);
      const withMarks = marked(operation);
      const line = operation.buckets.find(({ key }) => lines.has(key));
      // Nobody passes those who wait, or they might wait for ever.
      if (line !== undefined && lines.hasRoom(line.key)) return wait(withMarks, line.key);
      return mapMaybePromise(store.charge(withMarks.operation), (decision) => conclude(withMarks, decision));
    },

    settle(settled, takenAt, from) {
      const wakeAll = (): void => {
        for (const { bucket } of settled) lines.wake(bucket.key);
      };
      const done = from.giveBack(settled.flatMap(returned), takenAt);
      if (isPromise(done)) void done.then(wakeAll, wakeAll);
      else wakeAll();
    },
  };
}

function returned({ bucket, cost, isCounted }: Settled): Taken[] {
  const units = isCounted ? [] : [{ bucket, cost }];
  return bucket.awaitsOutcome === true ? [...units, { bucket: markOf(bucket), cost }] : units;
}

/** The key of the bucket that the first selection waits for which waits for any. */
function keyAwaited({ operation }: Marked, awaited: Awaited): string | undefined {
  const [bucket] = awaited.values();
  return bucket === undefined ? undefined : operation.buckets[bucket]?.key;
}

function told(operation: Marked, decision: Decision): Decision {
  return withoutMarks(operation, withShortWaits(operation, decision));
}
