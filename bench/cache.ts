/**
 * How many hits a second the cache has in memory, what an answer takes beside its body, and what it costs to drop the
 * answers that depend on one table, beside the memory cache of \@envelop/response-cache. "to the body" is what a
 * request needs until it can be sent: ours keeps bytes, theirs a result that has to be serialised each time.
 */
import { bytesOfBodies, type Contender, openOurs, openTheirs } from './cache-contenders.ts';
import { bytesInUse, mediansOf, printHead, printLine, timeOf } from './measure.ts';

const rounds = 5;
const hits = 200_000;
const dependents = 10_000;
const inMemory = 50_000;
const contenders = [openOurs, openTheirs];

function filled(open: () => Contender, count: number): Contender {
  const contender = open();
  for (let n = 0; n < count; n += 1) contender.keep(n);
  return contender;
}

/** Operations a second, over so many answers. */
function speedOf(open: () => Contender, count: number, ask: (contender: Contender, n: number) => unknown) {
  const contender = filled(open, count);
  return async (): Promise<number> => {
    const ms = await timeOf(() => {
      for (let n = 0; n < hits; n += 1) ask(contender, (n * 7919) % count);
    });
    return (hits / ms) * 1000;
  };
}

/** Bytes of an answer beside its body. */
function overheadOf(open: () => Contender): number {
  const before = bytesInUse();
  const contender = filled(open, inMemory);
  const bytes = bytesInUse() - before - bytesOfBodies(inMemory);
  if (!contender.find(0)) throw new Error('The answers must be there until they were measured.');
  return bytes / inMemory;
}

printHead(['sluice', 'envelop']);
const faster = (value: number, of: number): number => value / of;
const smaller = (value: number, of: number): number => of / value;
for (const [count, label] of [
  [100, '100 answers'],
  [inMemory, '50,000 answers'],
] as const) {
  const found = contenders.map((open) => speedOf(open, count, (contender, n) => contender.find(n)));
  printLine(`found /s, ${label}`, await mediansOf(rounds, found), faster);
  const hit = contenders.map((open) => speedOf(open, count, (contender, n) => contender.hit(n)));
  printLine(`to the body /s, ${label}`, await mediansOf(rounds, hit), faster);
}
const kept = contenders.map(
  (open) => async () => (dependents / (await timeOf(() => filled(open, dependents)))) * 1000,
);
printLine('kept /s', await mediansOf(rounds, kept), faster);
printLine('bytes beside the body', contenders.map(overheadOf), smaller);
const dropped = contenders.map((open) => () => {
  const contender = filled(open, dependents);
  return timeOf(() => {
    contender.invalidate();
  });
});
printLine('ms to drop 10,000 dependents', await mediansOf(rounds, dropped), smaller);
