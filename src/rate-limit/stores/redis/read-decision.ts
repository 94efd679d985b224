import type { BucketDenial, Decision, OperationCharges } from '../../store.ts';
import { readLevels } from './read-levels.ts';
import type { Run } from './runs.ts';

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
  /** The wait, if everything is refused. */
  refused?: number,
];

/** The decision on an operation of these runs. */
export function readDecision(reply: ChargeReply, charges: OperationCharges, runs: readonly Run[]): Decision {
  const [takenAt, numbers, outcomes, denials, reports, wait] = reply;
  const levels = readLevels(numbers);
  if (wait !== undefined) {
    const refused = { bucket: charges.meta ?? 0, cost: 1, retryAfter: waitOf(wait) };
    return { takenAt, refused, denied: charges.selections.map(() => refused), reported: [], levels };
  }
  const denied = readDenied(outcomes, readDenials(denials), runs);
  return { takenAt, refused: undefined, denied, reported: readReported(reports, outcomes, runs), levels };
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
