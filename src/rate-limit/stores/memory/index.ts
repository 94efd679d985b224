import type { Clock } from '../../../util/clock.ts';
import { judge } from '../../judge.ts';
import type { Bucket, BucketStore } from '../../store.ts';
import type { Level, State } from '../../strategies/index.ts';
import { strategyOf } from '../../strategies/index.ts';
import { BucketTable, type Entry } from './bucket-table.ts';

export interface MemoryStoreOptions {
  readonly clock: Clock;
  /**
   * How many buckets are kept, default 1,000,000, which take up to 200 MB; those of SLIDING_LOG take 8 bytes a unit
   * besides. When full, expired buckets go first, then those with the smallest share of their limits in use.
   */
  readonly maxBuckets?: number;
}

/** Keeps buckets in this process. Everything is synchronous, so no other request can come between. */
export function createMemoryStore({ clock, maxBuckets = 1_000_000 }: MemoryStoreOptions): BucketStore {
  const table = new BucketTable(maxBuckets);

  const stateIn = (slot: number | undefined) => (slot === undefined ? undefined : table.read(slot));

  return {
    charge(charges) {
      const now = clock.now();
      const { buckets } = charges;
      const slots: (number | undefined)[] = [];
      const states: (State | undefined)[] = [];
      for (const { key } of buckets) {
        const slot = table.find(key);
        slots.push(slot);
        states.push(stateIn(slot));
      }
      const judgement = judge(charges, states, now);
      const entries: Entry[] = [];
      for (const [index, bucket] of buckets.entries()) {
        entries.push(
          entryOf(bucket, slots[index], judgement.states[index], judgement.decision.levels[index]),
        );
      }
      table.write(entries, now);
      return judgement.decision;
    },

    giveBack(taken, takenAt) {
      const now = clock.now();
      for (const { bucket, cost } of taken) {
        const slot = table.find(bucket.key);
        if (slot === undefined) continue;
        const strategy = strategyOf(bucket.strategy);
        const state = strategy.giveBack(table.read(slot), bucket.rule, cost, takenAt, now);
        table.write([entryOf(bucket, slot, state, strategy.level(state, bucket.rule, now))], now);
      }
    },

    levels(buckets) {
      const now = clock.now();
      return buckets.map(({ key, strategy, rule }) => {
        return strategyOf(strategy).level(stateIn(table.find(key)), rule, now);
      });
    },
  };
}

function entryOf(
  { key, strategy, rule }: Bucket,
  slot: number | undefined,
  state: State | undefined,
  level: Level | undefined,
): Entry {
  if (state === undefined || level === undefined)
    return { key, slot, state: undefined, expiresAt: 0, load: 0 };
  const load = rule.limit > 0 ? 1 - level.remaining / rule.limit : 1;
  return { key, slot, state, expiresAt: strategyOf(strategy).expiresAt(state, rule), load };
}
