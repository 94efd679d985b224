import type { State } from '../../strategies/index.ts';
import { EvictionOrder } from './eviction-order.ts';
import { Slots } from './slots.ts';

/** How many slots are searched for expired buckets when a new one comes: more than one, or they would gather. */
const looks = 2;
const looksWhenFull = 16;

/** A bucket as it is from now on. */
export interface Entry {
  readonly key: string;
  /** Where the table has it, undefined if it has not. */
  readonly slot: number | undefined;
  /** Undefined if the bucket is not in use. */
  readonly state: State | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** The share of its limit in use, 0 to 1. */
  readonly load: number;
}

/**
 * The states of a bounded number of buckets. When it is full, expired buckets go first as far as a few looks find any,
 * then whichever the eviction order says. Nothing takes longer the more buckets there are.
 */
export class BucketTable {
  readonly #slots = new Slots();
  readonly #order = new EvictionOrder();
  readonly #maxBuckets: number;
  /** Where the search for expired buckets has come to. */
  #hand = 0;

  constructor(maxBuckets: number) {
    this.#maxBuckets = maxBuckets;
  }

  /** How many buckets there are, expired ones among them. */
  get size(): number {
    return this.#slots.size;
  }

  /** The slot of a bucket, which stays the same until the next write. */
  find(key: string): number | undefined {
    return this.#slots.find(key);
  }

  read(slot: number): State {
    return this.#slots.read(slot);
  }

  /**
   * Keeps the buckets of one operation, each of which is there once. They come into the order when all are written, so
   * that none has to go for another; those for which only the others could make room are not kept.
   */
  write(entries: readonly Entry[], now: number): void {
    const slots: (number | undefined)[] = [];
    for (const entry of entries) slots.push(this.#overwrite(entry, now));
    for (const [index, entry] of entries.entries()) slots[index] ??= this.#append(entry, now);
    for (const [index, { load }] of entries.entries()) {
      const slot = slots[index];
      if (slot !== undefined) this.#order.add(slot, load);
    }
  }

  /** Writes to a bucket's slot and takes that out of the order. Undefined if the bucket has none or needs none any more. */
  #overwrite({ slot, state, expiresAt }: Entry, now: number): number | undefined {
    if (slot === undefined) return undefined;
    this.#order.remove(slot);
    if (state !== undefined && expiresAt > now) this.#slots.write(slot, state, expiresAt);
    else this.#slots.remove(slot);
    return state !== undefined && expiresAt > now ? slot : undefined;
  }

  #append({ key, state, expiresAt }: Entry, now: number): number | undefined {
    if (state === undefined || expiresAt <= now || !this.#hasRoom(now)) return undefined;
    const slot = this.#slots.add(key);
    this.#slots.write(slot, state, expiresAt);
    return slot;
  }

  /** Makes room for a bucket, if need be at the cost of another one in the order. */
  #hasRoom(now: number): boolean {
    this.#sweep(this.#slots.size < this.#maxBuckets ? looks : looksWhenFull, now);
    if (this.#slots.size < this.#maxBuckets) return true;
    const first = this.#order.first();
    if (first !== undefined) this.#forget(first);
    return first !== undefined;
  }

  #sweep(count: number, now: number): void {
    for (let left = Math.min(count, this.#slots.end); left > 0; left -= 1) {
      this.#hand = this.#hand + 1 < this.#slots.end ? this.#hand + 1 : 0;
      if (this.#slots.hasExpired(this.#hand, now)) this.#forget(this.#hand);
    }
  }

  #forget(slot: number): void {
    this.#order.remove(slot);
    this.#slots.remove(slot);
  }
}
