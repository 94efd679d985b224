import fc from 'fast-check';
import { createHolds, type Holds } from '../../../src/rate-limit/holds/index.ts';
import type { Bucket, BucketStore, OperationCharges } from '../../../src/rate-limit/store.ts';

/** An attempt of which only failures count. */
export interface Attempt {
  /** After how many turns of the event loop it comes, and how many it then takes. */
  readonly comesAt: number;
  readonly takes: number;
  readonly fails: boolean;
  /** Whom it is counted by, each with a limit of its own, and by both together. */
  readonly account: number;
  readonly place: number;
  /** Which process it comes to. */
  readonly process: number;
}

/** @param failing how many of a hundred fail */
export function attempts(failing: number): fc.Arbitrary<readonly Attempt[]> {
  const attempt = fc.record({
    comesAt: fc.nat(8),
    takes: fc.nat(6),
    fails: fc.integer({ min: 1, max: 100 }).map((percent) => percent <= failing),
    account: fc.nat(2),
    place: fc.nat(1),
    process: fc.nat(2),
  });
  return fc.array(attempt, { minLength: 1, maxLength: 40, size: 'max' });
}

const limits = { both: 2, account: 4, place: 6 };

/** What is known of the attempts at any moment. */
export class Model {
  readonly #failed = new Map<string, number>();
  readonly #underWay = new Map<string, number>();

  admit(buckets: readonly Bucket[]): void {
    for (const bucket of buckets) this.#add(this.#underWay, bucket, 1);
  }

  end(buckets: readonly Bucket[], fails: boolean): void {
    for (const bucket of buckets) {
      this.#add(this.#underWay, bucket, -1);
      if (fails) this.#add(this.#failed, bucket, 1);
    }
  }

  /** The buckets in which more is under way or has failed than the limit. */
  overfull(buckets: readonly Bucket[]): string[] {
    const over = buckets.filter(
      ({ key, rule }) => this.failures(key) + (this.#underWay.get(key) ?? 0) > rule.limit,
    );
    return over.map(({ key }) => key);
  }

  failures(key: string): number {
    return this.#failed.get(key) ?? 0;
  }

  /** Whether a bucket has no room for anybody any more, whatever becomes of what is under way. */
  isClosed(buckets: readonly Bucket[]): boolean {
    return buckets.some(({ key, rule }) => this.failures(key) >= rule.limit);
  }

  #add(counts: Map<string, number>, { key }: Bucket, units: number): void {
    counts.set(key, (counts.get(key) ?? 0) + units);
  }
}

export interface Outcome {
  readonly attempt: Attempt;
  readonly isAdmitted: boolean;
}

/**
 * Makes the attempts, at the processes that have these stores.
 * @param onDecided is told of each decision when it is there, with what is known then
 */
export async function makeAttempts(
  all: readonly Attempt[],
  { stores, run }: { readonly stores: readonly BucketStore[]; readonly run: string },
  onDecided: (decided: Outcome & { readonly model: Model; readonly buckets: readonly Bucket[] }) => void,
): Promise<readonly Outcome[]> {
  const model = new Model();
  const processes = stores.map((store) => ({ store, holds: createHolds(store) }));
  return Promise.all(
    all.map(async (attempt): Promise<Outcome> => {
      const process = processes[attempt.process % processes.length];
      if (process === undefined) throw new Error('There has to be a process.');
      await turns(attempt.comesAt);
      const operation = operationOf(attempt, run);
      const { buckets } = operation;
      const decision = await process.holds.charge(operation);
      const isAdmitted = decision.denied[0] === undefined;
      if (isAdmitted) model.admit(buckets);
      onDecided({ attempt, isAdmitted, model, buckets });
      if (isAdmitted) {
        await turns(attempt.takes);
        model.end(buckets, attempt.fails);
        end(process, operation, decision.takenAt, attempt.fails);
      }
      return { attempt, isAdmitted };
    }),
  );
}

function end(
  { holds, store }: { readonly holds: Holds; readonly store: BucketStore },
  { buckets }: OperationCharges,
  takenAt: number,
  isCounted: boolean,
): void {
  holds.settle(
    buckets.map((bucket) => ({ bucket, cost: 1, isCounted })),
    takenAt,
    store,
  );
}

function operationOf({ account, place }: Attempt, run: string): OperationCharges {
  const buckets = [
    heldBucket(`both|L900|${place}-${account}-${run}`, limits.both),
    heldBucket(`account|L900|${account}-${run}`, limits.account),
    heldBucket(`place|L900|${place}-${run}`, limits.place),
  ];
  const charges = buckets.map((_, bucket) => ({ bucket, cost: 1, enforced: true }));
  return { buckets, selections: [{ charges }] };
}

export function heldBucket(key: string, limit: number): Bucket {
  return { key, strategy: 'SLIDING_LOG', rule: { limit, duration: 900_000 }, awaitsOutcome: true };
}

export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise(setImmediate);
}
