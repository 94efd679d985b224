/**
 * How the cost of an operation grows with what it asks for and with what is kept: admission with selections and with
 * callers, a hit with answers, dropping with dependents. Writes a Markdown table.
 */
import { openOurs as openCache } from './cache-contenders.ts';
import { formatNumber, markdownTable } from './http/table.ts';
import { openOurs as openLimiter } from './limiter-contenders.ts';
import { median, timeOf } from './measure.ts';

interface Growth {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Microseconds of one operation at a size. */
  readonly cost: (size: number) => Promise<number>;
  /** How many times as much it may cost at the end as at the start; where it is not set, there is no target. */
  readonly atMost?: number;
}

const rounds = 5;
const noLimit = 1_000_000_000;
const operations = 20_000;
const callers = 200_000;
const hits = 200_000;

async function admissionOf(selections: number): Promise<number> {
  const limiter = openLimiter(selections, noLimit);
  await limiter.run(operations / 10, false);
  return microseconds(await timeOf(() => limiter.run(operations, false)), operations);
}

async function admissionAmong(count: number): Promise<number> {
  const limiter = openLimiter(1, noLimit);
  await limiter.run(count, true);
  return microseconds(await timeOf(() => limiter.run(callers, count > 1)), callers);
}

async function hitAmong(answers: number): Promise<number> {
  const cache = openCache();
  for (let n = 0; n < answers; n += 1) cache.keep(n);
  const ms = await timeOf(() => {
    for (let n = 0; n < hits; n += 1) cache.hit((n * 7919) % answers);
  });
  return microseconds(ms, hits);
}

async function dropOf(dependents: number): Promise<number> {
  const cache = openCache();
  for (let n = 0; n < dependents; n += 1) cache.keep(n);
  const ms = await timeOf(() => {
    cache.invalidate();
  });
  return microseconds(ms, 1);
}

function microseconds(ms: number, times: number): number {
  return (ms * 1000) / times;
}

const growths: readonly Growth[] = [
  { name: 'admission of so many limited aliases', from: 1, to: 100, cost: admissionOf, atMost: 12 },
  { name: 'admission among so many callers', from: 1, to: 1_000_000, cost: admissionAmong },
  { name: 'hit among so many answers', from: 1, to: 100_000, cost: hitAmong },
  { name: 'dropping so many dependent answers', from: 1, to: 10_000, cost: dropOf },
];

async function measure({ name, from, to, cost, atMost }: Growth): Promise<string[]> {
  const [first, last]: [number[], number[]] = [[], []];
  // One more, which only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const pair = [await cost(from), await cost(to)] as const;
    if (round === 0) continue;
    first.push(pair[0]);
    last.push(pair[1]);
  }
  const ratio = median(last) / median(first);
  const decision = atMost === undefined ? '–' : `${ratio <= atMost ? 'yes' : '**no**'} (at most ${atMost} x)`;
  const sizes = `${formatNumber(from)} to ${formatNumber(to)}`;
  return [
    `${name}: ${sizes}`,
    ...[median(first), median(last)].map(formatNumber),
    `${formatNumber(ratio)} x`,
    decision,
  ];
}

const rows: string[][] = [];
for (const growth of growths) rows.push(await measure(growth));
console.log(markdownTable(['cost', 'first µs', 'last µs', 'grows', 'reached'], rows));
