import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { StrategyName } from './policy.ts';
import type { Level, Rule } from './strategies/index.ts';

/** One counter: a policy applied to one caller. */
export interface Bucket {
  readonly key: string;
  readonly strategy: StrategyName;
  readonly rule: Rule;
  /** Whether what is taken may come back once the outcome of an attempt is known. */
  readonly awaitsOutcome?: true;
}

/** What a selection takes from one bucket. */
export interface Charge {
  /** The bucket's index among those of the operation. A selection has one charge a bucket at most. */
  readonly bucket: number;
  /** Units, at least 1. */
  readonly cost: number;
  /** Whether a bucket that has too little left denies the selection, or is only reported. */
  readonly enforced: boolean;
}

export interface SelectionCharges {
  readonly charges: readonly Charge[];
  /**
   * The selection that this one lies under, by its index, which is smaller than this one's. Where that one is denied,
   * this one is never asked for.
   */
  readonly under?: number | undefined;
  /** Whether execution may turn out not to ask for it. Its denial is not counted by the meta bucket. */
  readonly isUncertain?: boolean | undefined;
  /** Whether it is denied in any case, by buckets that are elsewhere: it takes nothing, and its wait is 0 or longer. */
  readonly isDenied?: boolean | undefined;
}

/** What an operation takes from which buckets. */
export interface OperationCharges {
  /** Every bucket that it takes from, each once. */
  readonly buckets: readonly Bucket[];
  /** In document order. */
  readonly selections: readonly SelectionCharges[];
  /** The bucket that counts the caller's denials, by its index: while it is full, everything is denied. */
  readonly meta?: number | undefined;
}

/** Why a selection is denied: the bucket that keeps it waiting longest. */
export interface BucketDenial {
  /** The bucket's index. */
  readonly bucket: number;
  /** Units that it asked for there. */
  readonly cost: number;
  /** Milliseconds after which the selection fits if nobody takes anything else; Infinity if it never does. */
  readonly retryAfter: number;
}

/** The answer to an operation. */
export interface Decision {
  /** When it was given, by the store's clock, in milliseconds since the epoch. */
  readonly takenAt: number;
  /** Why nothing at all is allowed: the bucket that counts denials is full. */
  readonly rejected?: BucketDenial | undefined;
  /**
   * For each selection why it is denied, undefined if it is allowed. One under a denied selection waits for that, or
   * longer for buckets of its own.
   */
  readonly denied: readonly (BucketDenial | undefined)[];
  /** Charges of allowed selections that were not taken because their buckets, which are not enforced, had too little. */
  readonly reported: readonly { readonly selection: number; readonly bucket: number }[];
  /** How full each bucket is after the operation. */
  readonly levels: readonly Level[];
  /** Which store took, if that is not the one that was asked: what is given back belongs there. */
  readonly takenBy?: BucketStore | undefined;
  /** Set if no store could be asked: nothing was taken, and the levels say nothing. */
  readonly isUnfounded?: boolean | undefined;
}

/** Units that were taken from a bucket. */
export interface Taken {
  readonly bucket: Bucket;
  readonly cost: number;
}

/**
 * Where buckets live. All members of the family pass tests/rate-limit/store.contract.ts. A store that has nothing to
 * wait for returns values and not promises.
 */
export interface BucketStore {
  /**
   * Judges an operation in one step that nothing comes between. Selections are judged in their order: each takes from
   * all of its buckets or from none, and sees what those before it took. The waits of denials are reckoned last, when
   * everything is taken, so that they suffice. If the meta bucket is full, nothing is taken and everything denied; if
   * not, each denied selection that is certain to have been asked for takes a unit from it, as far as it has any.
   */
  charge(charges: OperationCharges): MaybePromise<Decision>;
  /** Gives back units that were taken at `takenAt`. Nobody waits for it: one that fails must have been told of. */
  giveBack(taken: readonly Taken[], takenAt: number): MaybePromise<void>;
  /** Reads buckets without taking from them. */
  levels(buckets: readonly Bucket[]): MaybePromise<readonly Level[]>;
}
