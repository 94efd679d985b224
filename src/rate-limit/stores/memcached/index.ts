import { hash } from 'node:crypto';
import { StoreUnavailable } from '../../../connections/breaker.ts';
import type { Memcached } from '../../../connections/memcached/index.ts';
import type { Clock } from '../../../util/clock.ts';
import { judge } from '../../judge.ts';
import type { Bucket, BucketStore, OperationCharges, Taken } from '../../store.ts';
import type { Level, State } from '../../strategies/index.ts';
import { fixedWindow } from '../../strategies/index.ts';
import { MemcachedCounter, type Reservation } from './counter.ts';

const longestKey = 250;

export interface MemcachedStoreOptions {
  readonly memcached: Memcached;
  /** What all keys begin with: at most 200 bytes, without blanks and control characters. */
  readonly prefix: string;
  readonly clock: Clock;
}

/**
 * Keeps buckets in Memcached, where every policy counts as FIXED_WINDOW, in windows that begin with a whole second. An
 * operation first adds the most that it can take to all of its buckets at once, which reserves those units for it, is
 * judged by what was there before, and gives back what it was not allowed: one round trip, or two where something is
 * denied. So no more than the limit is ever let through, but two operations that overlap may deny each other units
 * which one of them is about to give back. The bucket that counts denials is read and not reserved from, so that
 * operations that overlap never refuse each other; they may all pass while it fills. Windows go by the clocks of the
 * servers that ask, because Memcached does not tell its own.
 */
export function createMemcachedStore({ memcached, prefix, clock }: MemcachedStoreOptions): BucketStore {
  function counterOf({ key, rule }: Bucket): MemcachedCounter {
    const full = keyOf(prefix, key);
    return new MemcachedCounter(memcached.serverOf(full), full, rule);
  }

  return {
    async charge(asked) {
      const now = clock.now();
      const charges = { ...asked, buckets: asked.buckets.map(asFixedWindow) };
      const counters = charges.buckets.map(counterOf);
      const reservations = await reserveAll(counters, mostOf(charges), now);
      const { decision, states } = judge(charges, reservations.map(stateOf), now);
      await settleAll(counters, reservations, states, now);
      const levels = charges.buckets.map(({ rule }, index) => levelOf(states[index], rule, now));
      return { ...decision, levels };
    },

    async giveBack(taken, takenAt) {
      const now = clock.now();
      const given = together(taken).map(({ bucket, cost }) => counterOf(bucket).giveBack(cost, takenAt, now));
      await Promise.all(given);
    },

    async levels(buckets) {
      const now = clock.now();
      const windows = await Promise.all(buckets.map((bucket) => counterOf(bucket).read(now)));
      return buckets.map(({ rule }, index) => {
        const window = windows[index];
        return levelOf(window && stateOf(window), rule, now);
      });
    },
  };
}

function keyOf(prefix: string, bucketKey: string): string {
  const key = `${prefix}:${bucketKey}`;
  const isPlain = /^[!-~]+$/.test(key) && key.length <= longestKey && !bucketKey.startsWith('#');
  return isPlain ? key : `${prefix}:#${hash('sha256', bucketKey, 'base64url')}`;
}

function asFixedWindow(bucket: Bucket): Bucket {
  return bucket.strategy === 'FIXED_WINDOW' ? bucket : { ...bucket, strategy: 'FIXED_WINDOW' };
}

/** The most that an operation can take from each of its buckets; of that which counts denials it takes afterwards. */
function mostOf({ buckets, selections }: OperationCharges): number[] {
  const most = buckets.map(() => 0);
  for (const { charges, isDenied } of selections) {
    if (isDenied === true) continue;
    for (const { bucket, cost } of charges) {
      const limit = buckets[bucket]?.rule.limit ?? 0;
      if (cost <= limit) most[bucket] = Math.min(limit, (most[bucket] ?? 0) + cost);
    }
  }
  return most;
}

/** Reserves in all or in none. */
async function reserveAll(
  counters: readonly MemcachedCounter[],
  most: readonly number[],
  now: number,
): Promise<Reservation[]> {
  // Nothing is sent to those that answer if it is known that not all do.
  if (counters.some(({ isOpen }) => isOpen)) throw new StoreUnavailable('A Memcached server does not work.');
  const results = await Promise.allSettled(
    counters.map((counter, index) => counter.reserve(most[index] ?? 0, now)),
  );
  const failed = results.find((result) => result.status === 'rejected');
  const reservations = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  if (failed === undefined) return reservations;
  const releases = results.map(async (result, index) => {
    if (result.status === 'rejected' || result.value.reserved === 0) return;
    await counters[index]?.release(result.value.reserved, result.value, now);
  });
  await Promise.allSettled(releases);
  throw failed.reason;
}

/** Brings the counters from what was reserved to what was taken. */
async function settleAll(
  counters: readonly MemcachedCounter[],
  reservations: readonly Reservation[],
  states: readonly (State | undefined)[],
  now: number,
): Promise<void> {
  const settled = counters.map(async (counter, index) => {
    const reservation = reservations[index];
    if (reservation === undefined) return;
    const taken = (states[index]?.[1] ?? 0) - reservation.used;
    if (taken < reservation.reserved) await counter.release(reservation.reserved - taken, reservation, now);
    if (taken > reservation.reserved) await counter.reserve(taken - reservation.reserved, now);
  });
  // The decision stands whatever becomes of that: what cannot be given back any more is lost until the window ends.
  await Promise.allSettled(settled);
}

function stateOf({ start, used }: { readonly start: number; readonly used: number }): State {
  return [start * 1000, used];
}

/** A window that nothing was taken in counts as none: its reset would be of no use to anybody. */
function levelOf(state: State | undefined, rule: Bucket['rule'], now: number): Level {
  return fixedWindow.level(state?.[1] === 0 ? undefined : state, rule, now);
}

/** What is given back to each bucket, so that those of one do not come between each other. */
function together(taken: readonly Taken[]): Taken[] {
  const byKey = new Map<string, Taken>();
  for (const { bucket, cost } of taken) {
    byKey.set(bucket.key, { bucket, cost: cost + (byKey.get(bucket.key)?.cost ?? 0) });
  }
  return [...byKey.values()];
}
