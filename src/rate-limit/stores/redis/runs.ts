import type { Charge, SelectionCharges } from '../../store.ts';

/** Equal selections that follow each other, as aliases of one field are. */
export interface Run {
  /** What each takes. */
  readonly charges: readonly Charge[];
  readonly under: number | undefined;
  readonly isUncertain: boolean;
  readonly isDenied: boolean;
  /** The index of the first. */
  readonly start: number;
  length: number;
}

export interface Runs {
  readonly runs: readonly Run[];
  /** Of each selection the index of its run. */
  readonly runOf: readonly number[];
}

/** Divides an operation's selections into runs. Those that take the same are known by taking the same array. */
export function runsOf(selections: readonly SelectionCharges[]): Runs {
  const runs: Run[] = [];
  const runOf: number[] = [];
  for (const [start, selection] of selections.entries()) {
    const { charges, under, isUncertain = false, isDenied = false } = selection;
    const last = runs.at(-1);
    if (
      last?.charges === charges &&
      last.under === under &&
      last.isUncertain === isUncertain &&
      last.isDenied === isDenied
    )
      last.length += 1;
    else runs.push({ charges, under, isUncertain, isDenied, start, length: 1 });
    runOf.push(runs.length - 1);
  }
  return { runs, runOf };
}
