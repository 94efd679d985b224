/** Bytes of memory in use, after everything that can be freed was. */
export function bytesInUse(): number {
  if (globalThis.gc === undefined) throw new Error('Run node with --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Milliseconds that an action takes. */
export async function timeOf(action: () => unknown): Promise<number> {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

/** The medians of several rounds of each, in turn, so that what else the machine does hits all of them. */
export async function mediansOf(
  rounds: number,
  measures: readonly (() => Promise<number>)[],
): Promise<number[]> {
  const values: number[][] = measures.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, measure] of measures.entries()) values[index]?.push(await measure());
  }
  return values.map(median);
}

/** A line of the table: what each contender reached, and how far the others are ahead of the last. */
export function printLine(
  name: string,
  values: readonly number[],
  aheadBy: (value: number, of: number) => number,
): void {
  const numbers = values.map((value) =>
    value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 }).padStart(12),
  );
  const peer = values.at(-1) ?? NaN;
  const ratios = values.slice(0, -1).map((value) => `${aheadBy(value, peer).toFixed(1)}x`.padStart(8));
  console.log(name.padEnd(32) + [...numbers, ...ratios].join(''));
}

export function printHead(contenders: readonly string[]): void {
  console.log(' '.repeat(32) + contenders.map((head) => head.padStart(12)).join('') + '   ahead by');
}
