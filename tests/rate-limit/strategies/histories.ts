import fc from 'fast-check';
import type { Rule, State, Strategy, Take } from '../../../src/rate-limit/strategies/strategy.ts';

/** Time passes, the clock perhaps jumps back, and then units are taken, or those of an earlier use given back. */
type Step = { readonly wait: number; readonly back: number; readonly limit: number } & (
  { readonly cost: number } | { readonly giveBack: number }
);

export interface History {
  readonly rule: Rule;
  /** When it begins, in milliseconds since the epoch. */
  readonly start: number;
  readonly steps: readonly Step[];
}

/** Units that were let through. */
export interface Use {
  /** By the clock, in milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds that had really passed since the history began. */
  readonly elapsed: number;
  readonly cost: number;
}

const small = fc.record({ limit: fc.integer({ min: 1, max: 8 }), duration: fc.integer({ min: 1, max: 20 }) });

const realistic = fc.record({
  limit: fc.integer({ min: 1, max: 1000 }),
  duration: fc.integer({ min: 1000, max: 86_400_000 }),
});

/** Sizes are in twelfths of the rule's, so that histories are as dense under every rule. */
const sizes = fc.record({
  wait: fc.oneof({ weight: 4, arbitrary: fc.nat(4) }, fc.nat(26)),
  shift: fc.integer({ min: -1, max: 1 }),
  cost: fc.oneof({ weight: 4, arbitrary: fc.nat(4) }, fc.nat(14)),
  giveBack: fc.option(fc.nat(5), { freq: 4 }),
  back: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(60)),
  limit: fc.nat(30),
});

export function twelfths(count: number, whole: number): number {
  return Math.floor((whole * count) / 12);
}

interface Kind {
  readonly clockJumps?: boolean;
  readonly limitsChange?: boolean;
  readonly givesBack?: boolean;
}

export function historiesOf({ clockJumps, limitsChange, givesBack }: Kind): fc.Arbitrary<History> {
  return fc
    .record({
      rule: fc.oneof(small, realistic),
      start: fc.nat(),
      steps: fc.array(sizes, { maxLength: 40, size: 'max' }),
    })
    .map(({ rule, start, steps }) => ({
      rule,
      start: Date.UTC(2026, 0, 1) + start,
      steps: steps.map(({ wait, shift, cost, giveBack, back, limit }) => ({
        wait: Math.max(0, twelfths(wait, rule.duration) + shift),
        back: clockJumps ? twelfths(back, rule.duration) : 0,
        limit: limitsChange ? twelfths(limit, rule.limit) : rule.limit,
        ...(givesBack && giveBack !== null
          ? { giveBack }
          : { cost: Math.max(1, twelfths(cost, rule.limit)) }),
      })),
    }));
}

/** What `play` tells at each step. */
export interface Observer {
  attempt?(use: Use, take: Take): void;
  gaveBack?(use: Use, now: number): void;
  after?(state: State | undefined, now: number): void;
}

/** Plays a history, and says what it leaves: the bucket, the time by the clock, and the uses not given back. */
export function play(
  strategy: Strategy,
  { rule: { duration }, start, steps }: History,
  observer: Observer = {},
): { state: State | undefined; now: number; uses: Use[] } {
  let state: State | undefined;
  let now = start;
  let elapsed = 0;
  const uses: Use[] = [];
  for (const step of steps) {
    const rule = { limit: step.limit, duration };
    elapsed += step.wait;
    now += step.wait - step.back;
    if ('cost' in step) {
      const use = { at: now, elapsed, cost: step.cost };
      const take = strategy.take(state, rule, step.cost, now);
      observer.attempt?.(use, take);
      if (take.allowed) uses.push(use);
      state = take.state;
    } else {
      const [use] = uses.splice(-1 - step.giveBack, 1);
      if (use !== undefined) {
        if (state !== undefined) state = strategy.giveBack(state, rule, use.cost, use.at, now);
        observer.gaveBack?.(use, now);
      }
    }
    observer.after?.(state, now);
  }
  return { state, now, uses };
}

export function unitsOf(uses: readonly Use[]): number {
  return uses.reduce((sum, { cost }) => sum + cost, 0);
}

/** An interval from one use to another, both in it: how long it really took, in milliseconds, and the units used. */
export interface Interval {
  readonly length: number;
  readonly units: number;
}

/** Every interval between two uses, given in the order of time. */
export function intervalsOf(uses: readonly Use[]): Interval[] {
  return uses.flatMap((first, index) => {
    let units = 0;
    return uses.slice(index).map((last) => {
      units += last.cost;
      return { length: last.elapsed - first.elapsed, units };
    });
  });
}
