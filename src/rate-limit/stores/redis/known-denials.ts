import { isPromise } from '@whatwg-node/promise-helpers';
import { LRUCache } from 'lru-cache';
import type { Bucket, BucketDenial, BucketStore, Decision, OperationCharges } from '../../store.ts';
import { encodeCharges, runsOf } from './codec.ts';

const maxKnown = 10_000;
/** What is known takes some 16 MB at most. One operation takes a hundredth of that at most: others are asked about each time. */
const maxBytes = 16_000_000;
const maxEntryBytes = 160_000;
const bytesOfSelection = 64;
const maxAgeMs = 500;
/** Stores take the time in whole milliseconds, so that a unit may be back almost one earlier than they reckon. */
const roundedMs = 1;

export interface KnownDenialsOptions {
  /** One that has to be waited for. */
  readonly store: BucketStore;
  /** Milliseconds since any moment, never turned back; by default since the process began. */
  readonly now?: () => number;
}

/** A layer over a store. Who learns that units were given back elsewhere has to tell it. */
export interface KnownDenials extends BucketStore {
  /** Forgets what is known of one bucket, by its key. */
  forget(key: string): void;
  forgetEverything(): void;
}

/** A decision that denies everything. Times are those of `now`. */
interface Known {
  readonly decision: Decision;
  readonly askedAt: number;
  readonly answeredAt: number;
  /** Certainly so until then: reckoned from when the store was asked. */
  readonly until: number;
  /** How often something had changed when the store was asked. */
  readonly changes: number;
}

/**
 * Answers for a store an operation that it has just denied as a whole: until the first of the waits that it told is
 * over, and unless units were given back or, by this process, taken. What is known is half a second old at most, so that
 * everybody learns soon of a bucket that somebody has reset in the store. An operation whose denials are counted always
 * goes to the store.
 *
 * A token bucket that callers with different limits share fills by the limit of the last who took from it. What one of
 * them takes in another process can make it fit up to half a second earlier than is known here.
 */
export function createKnownDenials({
  store,
  now = () => performance.now(),
}: KnownDenialsOptions): KnownDenials {
  const known = new LRUCache<string, Known>({
    max: maxKnown,
    maxSize: maxBytes,
    maxEntrySize: maxEntryBytes,
    sizeCalculation: ({ decision }, id) => 2 * id.length + bytesOfSelection * (decision.denied.length + 1),
  });
  /** When buckets have changed last, counted in changes. */
  const changedAt = new Map<string, number>();
  let allChangedAt = 0;
  let changes = 0;

  function forgetEverything(): void {
    known.clear();
    changedAt.clear();
    changes += 1;
    allChangedAt = changes;
  }

  function forget(key: string): void {
    if (changedAt.size >= maxKnown) forgetEverything();
    changes += 1;
    changedAt.set(key, changes);
  }

  function forgetAll(buckets: readonly Bucket[]): void {
    if (known.size > 0) for (const { key } of buckets) forget(key);
  }

  function isUnchanged({ buckets }: OperationCharges, since: number): boolean {
    return allChangedAt <= since && buckets.every(({ key }) => (changedAt.get(key) ?? 0) <= since);
  }

  function find(operation: OperationCharges, at: number): Decision | undefined {
    const found = known.size === 0 ? undefined : known.get(idOf(operation));
    return found !== undefined && at < found.until && isUnchanged(operation, found.changes)
      ? aged(found, at)
      : undefined;
  }

  function learn(
    operation: OperationCharges,
    decision: Decision,
    asked: Pick<Known, 'askedAt' | 'changes'>,
  ): void {
    // What another store has judged, or none, says nothing of this one's buckets.
    if (decision.takenBy !== undefined || decision.isUnfounded === true) return;
    const until = asked.askedAt + Math.min(maxAgeMs, lastsMs(decision));
    // Whoever waits for what has just been taken from waits longer than is known.
    if (decision.denied.includes(undefined)) forgetAll(operation.buckets);
    else if (isUnchanged(operation, asked.changes))
      known.set(idOf(operation), { ...asked, decision, answeredAt: now(), until });
  }

  return {
    charge(operation) {
      if (operation.meta !== undefined) return store.charge(operation);
      const asked = { askedAt: now(), changes };
      const denied = find(operation, asked.askedAt);
      if (denied !== undefined) return denied;
      const conclude = (decision: Decision): Decision => {
        learn(operation, decision, asked);
        return decision;
      };
      const decision = store.charge(operation);
      return isPromise(decision) ? decision.then(conclude) : conclude(decision);
    },

    giveBack(taken, takenAt) {
      const forgetTaken = (): void => {
        for (const { bucket } of taken) forget(bucket.key);
      };
      forgetTaken();
      const done = store.giveBack(taken, takenAt);
      // A charge that was sent meanwhile may have come to the store before the units did.
      return isPromise(done) ? done.finally(forgetTaken) : done;
    },

    levels: (buckets) => store.levels(buckets),

    forget,
    forgetEverything,
  };
}

/** Tells operations apart by all that a store is told of them. */
function idOf(operation: OperationCharges): string {
  const keys = operation.buckets.map(({ key }) => key);
  // An application may put anything into the ids of callers, and so into keys.
  return `${JSON.stringify(keys)}${encodeCharges(operation, runsOf(operation.selections), false)}`;
}

/** For how many milliseconds a decision that denies everything certainly stays as it is. */
function lastsMs({ takenAt, denied, levels }: Decision): number {
  const waits = [...new Set(denied)].map((denial) => (denial?.retryAfter ?? 0) - roundedMs);
  const resets = levels.map(({ resetAt }) => (resetAt ?? Infinity) - takenAt);
  return Math.min(...waits, ...resets);
}

/** What the store would say now, but for a wait that suffices from when it had answered. */
function aged({ decision, askedAt, answeredAt }: Known, at: number): Decision {
  const agedDenials = new Map<BucketDenial | undefined, BucketDenial>();
  const denied = decision.denied.map((denial) => {
    const known = agedDenials.get(denial);
    if (known !== undefined || denial === undefined) return known;
    const retryAfter = Math.ceil(answeredAt + denial.retryAfter - at);
    const later = { ...denial, retryAfter };
    agedDenials.set(denial, later);
    return later;
  });
  return { ...decision, takenAt: Math.floor(decision.takenAt + at - askedAt), denied };
}
