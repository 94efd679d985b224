import type {
  Bucket,
  BucketDenial,
  Charge,
  Decision,
  OperationCharges,
  SelectionCharges,
  Taken,
} from '../../store.ts';
import type { Level } from '../../strategies/index.ts';
import { strategyNumbers } from './lua/index.ts';

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

/** Units as the script takes them: the buckets' keys, each once, and a flat list of key, strategy, rule and units. */
export function encodeTaken(taken: readonly Taken[]): { keys: string[]; units: number[] } {
  const numbers = new Map<string, number>();
  const units: number[] = [];
  for (const { bucket, cost } of taken) {
    const number = numbers.get(bucket.key) ?? numbers.size + 1;
    numbers.set(bucket.key, number);
    units.push(number, ...flatRule(bucket), cost);
  }
  return { keys: [...numbers.keys()], units };
}

/** The reply to an operation; numbers of buckets, runs and denials begin with 1. */
export type ChargeReply = readonly [
  now: number,
  levels: readonly number[],
  /** Of each run how many of its selections are allowed, and the number of what denies the others. */
  outcomes: readonly number[],
  /** Of each denial the bucket, the cost and the wait. */
  denials: readonly number[],
  /** The run, the bucket, and how many of the run's selections took from it, where not all that are allowed did. */
  reported: readonly number[],
  /** The wait, if everything is rejected. */
  rejected?: number,
];

/** The decision on an operation of these runs. */
export function readDecision(reply: ChargeReply, charges: OperationCharges, runs: readonly Run[]): Decision {
  const [takenAt, numbers, outcomes, denials, reports, wait] = reply;
  const levels = readLevels(numbers);
  if (wait !== undefined) {
    const rejected = { bucket: charges.meta ?? 0, cost: 1, retryAfter: waitOf(wait) };
    return { takenAt, rejected, denied: charges.selections.map(() => rejected), reported: [], levels };
  }
  const denied = readDenied(outcomes, readDenials(denials), runs);
  return { takenAt, rejected: undefined, denied, reported: readReported(reports, outcomes, runs), levels };
}

/** -1 stands for a wait that never ends. */
export function waitOf(wait: number): number {
  return wait === -1 ? Infinity : wait;
}

function readDenials(numbers: readonly number[]): BucketDenial[] {
  return triplesOf(numbers).map(([bucket, cost, wait]) => ({
    bucket: bucket - 1,
    cost,
    retryAfter: waitOf(wait),
  }));
}

function readDenied(
  outcomes: readonly number[],
  denials: readonly BucketDenial[],
  runs: readonly Run[],
): (BucketDenial | undefined)[] {
  const denied: (BucketDenial | undefined)[] = [];
  for (const [index, { start, length }] of runs.entries()) {
    const [allowed = 0, number = 0] = [outcomes[2 * index], outcomes[2 * index + 1]];
    while (denied.length < start + allowed) denied.push(undefined);
    while (denied.length < start + length) denied.push(denials[number - 1]);
  }
  return denied;
}

function readReported(
  reports: readonly number[],
  outcomes: readonly number[],
  runs: readonly Run[],
): Decision['reported'] {
  const reported: Decision['reported'][number][] = [];
  for (const [number, bucket, taken] of triplesOf(reports)) {
    const [start, allowed] = [runs[number - 1]?.start ?? 0, outcomes[2 * number - 2] ?? 0];
    for (let place = taken; place < allowed; place += 1) {
      reported.push({ selection: start + place, bucket: bucket - 1 });
    }
  }
  // Those of one run come bucket by bucket. The order is a stable one: a selection's own charges stay as they are.
  return reported.sort((one, other) => one.selection - other.selection);
}

function triplesOf(numbers: readonly number[]): [number, number, number][] {
  const triples: [number, number, number][] = [];
  for (let at = 0; at < numbers.length; at += 3) {
    triples.push([numbers[at] ?? 0, numbers[at + 1] ?? 0, numbers[at + 2] ?? 0]);
  }
  return triples;
}

/** Reads the units left of each bucket and when all are back, -1 if they are. */
export function readLevels(numbers: readonly number[]): Level[] {
  const levels: Level[] = [];
  for (let at = 0; at < numbers.length; at += 2) levels.push(levelOf(numbers[at], numbers[at + 1]));
  return levels;
}

export function levelOf(remaining = 0, resetAt = -1): Level {
  return { remaining, resetAt: resetAt === -1 ? null : resetAt };
}
