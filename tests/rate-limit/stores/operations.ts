import type { StrategyName } from '../../../src/rate-limit/policy.ts';
import type { Bucket, Charge, OperationCharges } from '../../../src/rate-limit/store.ts';

interface BucketValues {
  readonly key?: string;
  readonly limit?: number;
  /** Seconds. */
  readonly duration?: number;
  readonly strategy?: StrategyName;
}

/** A bucket of 2 units in 60 seconds, but for what a test says. */
export function bucket(values: BucketValues = {}): Bucket {
  const { key = 'test', limit = 2, duration = 60, strategy = 'FIXED_WINDOW' } = values;
  return { key, strategy, rule: { limit, duration: duration * 1000 } };
}

/** What a selection asks of a bucket. */
export interface Ask {
  readonly of: Bucket;
  readonly cost: number;
  readonly enforced: boolean;
}

export const take = (of: Bucket, cost = 1): Ask => ({ of, cost, enforced: true });

/** Asks for units that are not denied when there are too few. */
export const report = (of: Bucket, cost = 1): Ask => ({ of, cost, enforced: false });

/** A selection: all that it asks for, where a bucket stands for one unit of it, and which selection it is under. */
export type Asked =
  readonly (Ask | Bucket)[] | { readonly asks: readonly (Ask | Bucket)[]; readonly under: number };

/** What an operation of these selections takes, its denials being counted in `meta`. */
export function operation(selections: readonly Asked[], meta?: Bucket): OperationCharges {
  const buckets: Bucket[] = [];
  const indexOf = (of: Bucket): number => {
    const known = buckets.findIndex(({ key }) => key === of.key);
    return known === -1 ? buckets.push(of) - 1 : known;
  };
  const chargeOf = (ask: Ask | Bucket): Charge => {
    const { of, cost, enforced } = 'of' in ask ? ask : take(ask);
    return { bucket: indexOf(of), cost, enforced };
  };
  return {
    selections: selections.map((asked) =>
      'under' in asked
        ? { charges: asked.asks.map(chargeOf), under: asked.under }
        : { charges: asked.map(chargeOf) },
    ),
    meta: meta && indexOf(meta),
    buckets,
  };
}
