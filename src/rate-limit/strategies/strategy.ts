/** What a strategy decides by. */
export interface Rule {
  readonly limit: number;
  /** Milliseconds. */
  readonly duration: number;
}

/** A bucket's state: numbers that only its strategy understands, and any store can keep. An unused bucket has none. */
export type State = readonly number[];

/** How full a bucket is. */
export interface Level {
  /** Units left now. */
  readonly remaining: number;
  /** When all units are back, in milliseconds since the epoch; null while none is used. */
  readonly resetAt: number | null;
}

/** The answer to an attempt to take units from a bucket. */
export interface Take {
  readonly allowed: boolean;
  /** The bucket from now on. After a denial it holds the same units, placed anew if the clock has jumped back. */
  readonly state: State | undefined;
  /** Milliseconds after which a denied attempt fits if nobody else takes anything; Infinity if it never does. */
  readonly retryAfter: number;
}

/**
 * A way of counting, as pure functions over a bucket's state. `now` is in milliseconds since the epoch, an integer, and
 * may jump back: that must neither open a bucket that is full nor keep it full for longer than one window. The rule may
 * differ from one call to the next, because callers change tiers and limits change while the server runs.
 */
export interface Strategy {
  /** Takes `cost` units, or says when they can be had. */
  take(state: State | undefined, rule: Rule, cost: number, now: number): Take;
  /** Gives back units that were taken at `takenAt`; undefined when that empties the bucket. */
  giveBack(state: State, rule: Rule, cost: number, takenAt: number, now: number): State | undefined;
  /** Reads without taking. */
  level(state: State | undefined, rule: Rule, now: number): Level;
  /** When the state no longer says anything, in milliseconds since the epoch. */
  expiresAt(state: State, rule: Rule): number;
}
