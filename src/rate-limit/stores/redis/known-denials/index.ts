import { isPromise } from '@whatwg-node/promise-helpers';
import type { BucketStore, Decision } from '../../../store.ts';
import { denyByKnown } from './deny-by-known.ts';
import { KnownBuckets } from './known-buckets.ts';

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

/**
 * Answers for a store where it is certain that every selection is denied: because the store has denied the same before,
 * the wait that it told is not over, and nothing was given back. What is known is half a second old at most, so that
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
  const known = new KnownBuckets();

  return {
    charge(operation) {
      if (operation.meta !== undefined) return store.charge(operation);
      const at = now();
      const denied = denyByKnown(operation, known, at);
      if (denied !== undefined) return denied;
      const learn = known.begin(at);
      const conclude = (decision: Decision): Decision => {
        if (isTelling(decision)) learn(operation, decision, now());
        return decision;
      };
      const decision = store.charge(operation);
      return isPromise(decision) ? decision.then(conclude) : conclude(decision);
    },

    giveBack(taken, takenAt) {
      const forget = (): void => {
        for (const { bucket } of taken) known.forget(bucket.key);
      };
      forget();
      const done = store.giveBack(taken, takenAt);
      // A charge that was sent meanwhile may have come to the store before the units did.
      return isPromise(done) ? done.finally(forget) : done;
    },

    levels: (buckets) => store.levels(buckets),

    forget: (key) => {
      known.forget(key);
    },

    forgetEverything: () => {
      known.forgetEverything();
    },
  };
}

/** What another store has judged, or none, says nothing of this one's buckets. */
function isTelling({ takenBy, isUnfounded }: Decision): boolean {
  return takenBy === undefined && isUnfounded !== true;
}
