import type { Charge } from './charge.ts';

/** How full a bucket is after a selection was judged. */
export interface BucketState {
  readonly charge: Charge;
  /** Units left. */
  readonly remaining: number;
  /** When all units are back, in milliseconds since the epoch; null while none is used. */
  readonly resetAt: number | null;
}

/** Why a selection was denied: the bucket that keeps it waiting longest. */
export interface Denial extends BucketState {
  /** Milliseconds; Infinity if the selection costs more than the limit. */
  readonly retryAfter: number;
}

/** The limiter's answer to one selection. */
export type Verdict =
  | {
      readonly allowed: true;
      readonly takenAt: number;
      readonly taken: readonly Charge[];
      /** What policies that only report would have denied. It was not taken. */
      readonly reported: readonly Charge[];
    }
  | { readonly allowed: false; readonly denial: Denial };
