import { LRUCache } from 'lru-cache';
import type { Bucket, BucketDenial, Decision, OperationCharges } from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';

const maxBuckets = 10_000;
const maxAgeMs = 500;
/** How many different costs are remembered as too high for one bucket. */
const maxCosts = 16;

/** Until when a cost is too high. All times here are those of the `now` that is handed in, in milliseconds. */
export interface Wait {
  /** When the store was asked. */
  readonly askedAt: number;
  /** Certainly so until then: reckoned from when the store was asked. */
  readonly until: number;
  /** Certainly no longer from then on: reckoned from when it had answered. */
  readonly end: number;
}

/** What the store has last told of a bucket when it denied something. */
export interface KnownBucket {
  readonly limit: number;
  readonly level: Level;
  /** When the store was asked. */
  readonly askedAt: number;
  /** What the store's clock said then or a little later, in milliseconds since the epoch. */
  readonly takenAt: number;
  /** By the cost. */
  readonly waits: ReadonlyMap<number, Wait>;
}

/** Learns from the answer to an operation. */
export type Learn = (operation: OperationCharges, decision: Decision, answeredAt: number) => void;

interface Asked {
  readonly askedAt: number;
  readonly answeredAt: number;
  /** How many times something had been forgotten by then. */
  readonly sequence: number;
}

/** What proves denials, of a bounded number of buckets: those that were asked for last. */
export class KnownBuckets {
  readonly #known = new LRUCache<string, KnownBucket>({ max: maxBuckets });
  /** When buckets were forgotten, as numbers that grow. Answers to what was asked before say nothing of them. */
  readonly #forgotten = new LRUCache<string, number>({
    max: maxBuckets,
    dispose: (sequence, _key, reason) => {
      if (reason === 'evict') this.#allForgotten = Math.max(this.#allForgotten, sequence);
    },
  });
  #allForgotten = 0;
  #sequence = 0;

  /** What is known of a bucket, for half a second, and for callers of the same limit only. */
  find({ key, rule }: Bucket, now: number): KnownBucket | undefined {
    if (this.#known.size === 0) return undefined;
    const known = this.#known.get(key);
    if (known?.limit !== rule.limit) return undefined;
    return isFresh(known.askedAt, now) ? known : undefined;
  }

  /** Begins to ask the store. */
  begin(askedAt: number): Learn {
    const sequence = this.#sequence;
    return (operation, decision, answeredAt) => {
      const isDenial = decision.denied.some((denied) => denied !== undefined && denied.retryAfter > 0);
      if (isDenial) this.#memoize(operation, decision, { askedAt, answeredAt, sequence });
      else this.#drop(operation.buckets);
    };
  }

  forget(key: string): void {
    this.#known.delete(key);
    this.#sequence += 1;
    this.#forgotten.set(key, this.#sequence);
  }

  forgetEverything(): void {
    this.#known.clear();
    this.#forgotten.clear();
    this.#sequence += 1;
    this.#allForgotten = this.#sequence;
  }

  /** Buckets that were taken from keep their callers waiting longer than is known. */
  #drop(buckets: readonly Bucket[]): void {
    if (this.#known.size === 0) return;
    for (const { key } of buckets) this.#known.delete(key);
  }

  #memoize({ buckets }: OperationCharges, { takenAt, denied, levels }: Decision, asked: Asked): void {
    const waits = waitsIn(denied, asked);
    for (const [index, { key, rule }] of buckets.entries()) {
      const level = levels[index];
      if (level === undefined || this.#isOutdated(key, asked)) continue;
      const before = this.#known.peek(key);
      const own = waits.get(index) ?? new Map<number, Wait>();
      // What nobody has taken from keeps callers waiting as long as before.
      if (before?.limit === rule.limit && isEqual(before.level, level)) {
        keepFresh(own, before.waits, asked.askedAt);
      }
      this.#known.set(key, { limit: rule.limit, level, askedAt: asked.askedAt, takenAt, waits: own });
    }
  }

  #isOutdated(key: string, { askedAt, sequence }: Asked): boolean {
    const forgotten = this.#forgotten.peek(key) ?? 0;
    if (Math.max(forgotten, this.#allForgotten) > sequence) return true;
    return (this.#known.peek(key)?.askedAt ?? askedAt) > askedAt;
  }
}

/** Whether what was asked then may still be gone by. */
export function isFresh(askedAt: number, now: number): boolean {
  const age = now - askedAt;
  return age >= 0 && age < maxAgeMs;
}

function isEqual(a: Level, b: Level): boolean {
  return a.remaining === b.remaining && a.resetAt === b.resetAt;
}

/** Adds what is known of other costs. */
function keepFresh(own: Map<number, Wait>, before: ReadonlyMap<number, Wait>, now: number): void {
  for (const [cost, wait] of before) {
    if (own.size < maxCosts && !own.has(cost) && isFresh(wait.askedAt, now)) own.set(cost, wait);
  }
}

function waitsIn(denied: Decision['denied'], asked: Asked): Map<number, Map<number, Wait>> {
  const waits = new Map<number, Map<number, Wait>>();
  // Selections that are denied for the same reason mostly share it.
  for (const denial of new Set(denied)) if (denial !== undefined) add(waits, denial, asked);
  return waits;
}

/** Stores take the time in whole milliseconds, so that a unit may be back almost one earlier than they reckon. */
const roundedMs = 1;

function add(
  waits: Map<number, Map<number, Wait>>,
  denial: BucketDenial,
  { askedAt, answeredAt }: Asked,
): void {
  const { bucket, cost, retryAfter } = denial;
  const own = waits.get(bucket) ?? new Map<number, Wait>();
  waits.set(bucket, own);
  if (retryAfter > 0 && own.size < maxCosts) {
    own.set(cost, { askedAt, until: askedAt + retryAfter - roundedMs, end: answeredAt + retryAfter });
  }
}
