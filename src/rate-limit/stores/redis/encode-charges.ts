import type { Bucket, Charge, OperationCharges } from '../../store.ts';
import type { Run, Runs } from './runs.ts';
import { strategyNumbers } from './strategies/index.ts';

/**
 * An operation as the script takes it, in JSON. What selections share is there once, however many they are.
 * @param time milliseconds since the epoch, false for the server's
 */
export function encodeCharges({ buckets, meta }: OperationCharges, runs: Runs, time: number | false): string {
  const numbers = new Map<readonly Charge[], number>();
  const flat: number[] = [];
  for (const run of runs.runs) {
    const number = numbers.get(run.charges) ?? numbers.size + 1;
    numbers.set(run.charges, number);
    flat.push(number, run.length, ...placeAbove(run, runs), flagsOf(run));
  }
  const sets = [...numbers.keys()].map((charges) => charges.flatMap(flatCharge));
  return JSON.stringify([time, meta === undefined ? 0 : meta + 1, buckets.flatMap(flatRule), sets, flat]);
}

/** A bucket's strategy and rule as scripts take them. */
export function flatRule({ strategy, rule }: Bucket): [strategy: number, limit: number, duration: number] {
  return [strategyNumbers[strategy], rule.limit, rule.duration];
}

function flatCharge({ bucket, cost, enforced }: Charge): number[] {
  return [bucket + 1, cost, enforced ? 1 : 0];
}

/** The run of the selection that this one's are under, and that one's place in it. */
function placeAbove({ under }: Run, { runs, runOf }: Runs): [run: number, place: number] {
  const index = under === undefined ? undefined : runOf[under];
  const run = index === undefined ? undefined : runs[index];
  return under === undefined || index === undefined || run === undefined
    ? [0, 0]
    : [index + 1, under - run.start];
}

function flagsOf({ isUncertain, isDenied }: Run): number {
  return (isUncertain ? 1 : 0) + (isDenied ? 2 : 0);
}
