import type { Clock } from '../../clock.ts';
import type { Charge } from '../charge.ts';
import type { BucketStore } from '../store.ts';
import { strategyOf } from '../strategies/index.ts';
import type { Rule, Take } from '../strategies/strategy.ts';
import type { Verdict } from '../verdict.ts';

interface Bucket {
  readonly state: unknown;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /** How many buckets are kept, default 1,000,000. When full, expired buckets go first, then the oldest. */
  readonly maxBuckets?: number;
}

/** Keeps buckets in this process. Everything is synchronous, so no other request can come between. */
export function createMemoryStore({ clock, maxBuckets = 1_000_000 }: MemoryStoreOptions): BucketStore {
  const buckets = new Map<string, Bucket>();

  function stateOf(charge: Charge): unknown {
    return buckets.get(charge.bucket)?.state;
  }

  function write(charge: Charge, state: unknown): void {
    if (state === undefined) {
      buckets.delete(charge.bucket);
      return;
    }
    if (buckets.size >= maxBuckets && !buckets.has(charge.bucket)) makeRoom(buckets, clock.now());
    const expiresAt = strategyOf(charge.policy).expiresAt(state, ruleOf(charge));
    buckets.set(charge.bucket, { state, expiresAt });
  }

  function judge(charges: readonly Charge[], now: number): Verdict {
    const takes = charges.map((charge) => ({ charge, take: take(charge, stateOf(charge), now) }));
    const denied = takes.filter(({ charge, take }) => !take.allowed && charge.policy.mode === 'ENFORCE');
    const worst = denied.toSorted((a, b) => b.take.retryAfter - a.take.retryAfter)[0];
    if (worst === undefined) {
      for (const { charge, take } of takes) write(charge, take.state);
      const chargesThat = (allowed: boolean): Charge[] =>
        takes.filter(({ take }) => take.allowed === allowed).map(({ charge }) => charge);
      return { allowed: true, takenAt: now, taken: chargesThat(true), reported: chargesThat(false) };
    }
    for (const { charge, take } of denied) write(charge, take.state);
    const level = strategyOf(worst.charge.policy).level(worst.take.state, ruleOf(worst.charge), now);
    return { allowed: false, denial: { charge: worst.charge, retryAfter: worst.take.retryAfter, ...level } };
  }

  return {
    charge(selections) {
      const now = clock.now();
      return selections.map((charges) => judge(charges, now));
    },

    giveBack(taken, takenAt) {
      for (const charge of taken) {
        const state = stateOf(charge);
        if (state === undefined) continue;
        const strategy = strategyOf(charge.policy);
        write(charge, strategy.giveBack(state, ruleOf(charge), charge.cost, takenAt, clock.now()));
      }
    },

    level: (charge) => strategyOf(charge.policy).level(stateOf(charge), ruleOf(charge), clock.now()),
  };
}

function take(charge: Charge, state: unknown, now: number): Take<unknown> {
  return strategyOf(charge.policy).take(state, ruleOf(charge), charge.cost, now);
}

function ruleOf({ policy, limit }: Charge): Rule {
  return { limit, duration: policy.duration * 1000 };
}

/** Frees at least one place, and a hundredth of all, so that a full store is not swept for every new bucket. */
function makeRoom(buckets: Map<string, Bucket>, now: number): void {
  const size = buckets.size;
  for (const [key, { expiresAt }] of buckets) if (expiresAt <= now) buckets.delete(key);
  const wanted = Math.max(1, Math.floor(size / 100));
  for (const key of buckets.keys()) {
    if (size - buckets.size >= wanted) return;
    buckets.delete(key);
  }
}
