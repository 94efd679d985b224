import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import type {
  Bucket,
  BucketDenial,
  BucketStore,
  Decision,
  OperationCharges,
  SelectionCharges,
} from '../store.ts';
import type { Level } from '../strategies/index.ts';

/** What becomes of an operation while no store can be asked. */
type WithoutStore = 'allow' | 'deny';

export interface GuardedStoreOptions {
  readonly store: BucketStore;
  /** Whether the store is known not to work, so that it is not asked. */
  readonly isOpen: () => boolean;
  /** What to do without the store: judge by `local`, allow everything, or deny whatever a limit is enforced on. */
  readonly onFailure: 'local' | WithoutStore;
  /** Works always, and has nothing to wait for. */
  readonly local: BucketStore;
  /** Is told of every failure. */
  readonly onError: (error: unknown) => void;
}

/**
 * A store that always has a decision: where the store behind it cannot be asked or fails, it does as it is told. Nothing
 * throws or rejects, and no charge is sent to the store a second time, which may have taken it already.
 */
export function createGuardedStore({
  store,
  isOpen,
  onFailure,
  local,
  onError,
}: GuardedStoreOptions): BucketStore {
  function judgeWithout(charges: OperationCharges): MaybePromise<Decision> {
    if (onFailure !== 'local') return unfoundedDecision(charges, onFailure);
    const decision = local.charge(charges);
    return isPromise(decision) ? decision.then(asLocal) : asLocal(decision);
  }

  const asLocal = (decision: Decision): Decision => ({ ...decision, takenBy: local });

  const levelsWithout = (buckets: readonly Bucket[]): MaybePromise<readonly Level[]> =>
    onFailure === 'local' ? local.levels(buckets) : fullLevels(buckets);

  function ask<Value>(
    action: () => MaybePromise<Value>,
    without: () => MaybePromise<Value>,
  ): MaybePromise<Value> {
    if (isOpen()) return without();
    const afterFailure = (error: unknown): MaybePromise<Value> => {
      onError(error);
      return without();
    };
    try {
      const value = action();
      return isPromise(value) ? value.catch(afterFailure) : value;
    } catch (error) {
      return afterFailure(error);
    }
  }

  return {
    charge: (charges) =>
      ask(
        () => store.charge(charges),
        () => judgeWithout(charges),
      ),
    // What cannot be given back is lost: the store's breaker has told that it does not work.
    giveBack: (taken, takenAt) =>
      ask(
        () => store.giveBack(taken, takenAt),
        () => undefined,
      ),
    levels: (buckets) =>
      ask(
        () => store.levels(buckets),
        () => levelsWithout(buckets),
      ),
  };
}

/** A decision that no store has given: all is allowed, or whatever a limit is enforced on is denied. */
function unfoundedDecision(charges: OperationCharges, mode: WithoutStore): Decision {
  const { selections, buckets } = charges;
  const denied = mode === 'deny' ? denyEnforced(selections) : selections.map(() => undefined);
  return { takenAt: 0, denied, reported: [], levels: fullLevels(buckets), isUnfounded: true };
}

/** Levels of buckets that nothing is known of. */
function fullLevels(buckets: readonly Bucket[]): Level[] {
  return buckets.map(({ rule }) => ({ remaining: rule.limit, resetAt: null }));
}

function denyEnforced(selections: readonly SelectionCharges[]): (BucketDenial | undefined)[] {
  const denied: (BucketDenial | undefined)[] = [];
  for (const { charges, under } of selections) {
    const above = under === undefined ? undefined : denied[under];
    const enforced = charges.find((charge) => charge.enforced);
    const own = enforced && { bucket: enforced.bucket, cost: enforced.cost, retryAfter: 0 };
    denied.push(above ?? own);
  }
  return denied;
}
