/**
 * How many operations a second the limiter admits and denies in memory, and how much memory a bucket takes, beside the
 * memory limiter of rate-limiter-flexible, which graphql-rate-limit-directive asks once for every selection. Ours does
 * all that a request needs of it: from the plan and the caller to the decision. Theirs is given its key. Neither makes
 * the error that a client would see.
 */
import { openOurs, openStore, openTheirs } from './limiter-contenders.ts';
import { bytesInUse, mediansOf, printHead, printLine } from './measure.ts';

const rounds = 5;
const noLimit = 1_000_000_000;
const buckets = 1_000_000;

interface Discipline {
  readonly name: string;
  /** Operations in a round. */
  readonly times: number;
  readonly selections: number;
  readonly limit: number;
  /** Whether every operation comes from an address of its own. */
  readonly isRotating: boolean;
}

const admitted = (selections: number, times: number): Discipline => ({
  name: `admitted, ${selections} ${selections === 1 ? 'selection' : 'selections'}`,
  times,
  selections,
  limit: noLimit,
  isRotating: false,
});

const disciplines: readonly Discipline[] = [
  admitted(1, 200_000),
  admitted(10, 100_000),
  admitted(100, 20_000),
  { name: 'denied', times: 200_000, selections: 1, limit: 1, isRotating: false },
  { name: 'new buckets', times: 200_000, selections: 1, limit: noLimit, isRotating: true },
];

/** Operations a second. */
async function speedOf(open: typeof openOurs, discipline: Discipline): Promise<number> {
  const { times, selections, limit, isRotating } = discipline;
  const contender = open(selections, limit);
  // The first one of a round takes what there is to take.
  await contender.run(1, false);
  const started = performance.now();
  const allowed = await contender.run(times, isRotating);
  const seconds = (performance.now() - started) / 1000;
  check(discipline, allowed);
  return times / seconds;
}

function check({ name, times, limit }: Discipline, allowed: number): void {
  const expected = limit === 1 ? 0 : times;
  if (allowed !== expected) throw new Error(`${name}: ${allowed} were allowed, not ${expected}.`);
}

/** Bytes, the key included. */
async function bytesOfBucket(open: typeof openOurs): Promise<number> {
  const contender = open(1, noLimit);
  const before = bytesInUse();
  await contender.run(buckets, true);
  const bytes = (bytesInUse() - before) / buckets;
  return bytes;
}

const contenders = [openOurs, openStore, openTheirs];
printHead(['limiter', 'its store', 'peer']);
for (const discipline of disciplines) {
  const speeds = await mediansOf(
    rounds,
    contenders.map((open) => () => speedOf(open, discipline)),
  );
  printLine(`${discipline.name} /s`, speeds, (value, of) => value / of);
}
const bytes: number[] = [];
for (const open of contenders) bytes.push(await bytesOfBucket(open));
printLine('bytes a bucket at 1,000,000', bytes, (value, of) => of / value);
