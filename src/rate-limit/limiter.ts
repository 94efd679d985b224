import type { Caller } from '../caller/caller.ts';
import { chargesFor, type Arguments, type Charge } from './charge.ts';
import type { PolicyTable } from './policy.ts';
import type { BucketStore } from './store.ts';
import type { BucketState, Verdict } from './verdict.ts';

export interface Limiter {
  /** What one selection of a field costs this caller, in which buckets. */
  chargesOf(coordinate: string, caller: Caller, args: Arguments): Charge[];
  /** Judges one selection, and takes what it costs if it is allowed. */
  admit(charges: readonly Charge[]): Verdict;
  /** Gives back the units that an allowed selection's policies do not count: those of a login that succeeded, say. */
  settle(verdict: Verdict, outcome: Outcome): void;
  /** The caller's buckets, but for those keyed by arguments, read without taking anything; each once. */
  status(caller: Caller): BucketState[];
}

/** How a limited field ended. */
export type Outcome = 'SUCCESS' | 'FAILURE';

/** Told of selections that policies with the mode REPORT would have denied. */
export type Report = (charge: Charge) => void;

/** Applies the policies of a schema to callers. */
export function createLimiter(table: PolicyTable, store: BucketStore, report: Report): Limiter {
  return {
    chargesOf: (coordinate, caller, args) => chargesFor(table.get(coordinate) ?? [], caller, args),

    admit(charges) {
      const [verdict] = store.charge([charges]);
      if (verdict === undefined) throw new Error('A bucket store must give one verdict for each selection.');
      if (verdict.allowed) for (const charge of verdict.reported) report(charge);
      return verdict;
    },

    settle(verdict, outcome) {
      if (!verdict.allowed) return;
      const uncounted = verdict.taken.filter(
        ({ policy: { count } }) => count !== 'ATTEMPT' && count !== outcome,
      );
      if (uncounted.length > 0) store.giveBack(uncounted, verdict.takenAt);
    },

    status(caller) {
      const named = new Map([...table.values()].flat().map((policy) => [policy.name, policy]));
      const readable = [...named.values()].filter((policy) => policy.identityArgs.length === 0);
      return chargesFor(readable, caller, {}).map((charge) => ({ charge, ...store.level(charge) }));
    },
  };
}
