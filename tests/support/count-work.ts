import { Session } from 'node:inspector/promises';

// Begun before anything else is loaded: of code that was compiled earlier no blocks are counted.
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * How much work a function does, whatever else the machine does: how often the blocks of code that run meanwhile are
 * entered, those of libraries included. What the engine does by itself is not seen, such as how long a text is that
 * `JSON.parse` or a regular expression goes through. For tests in `tests/hostile`, which have this file loaded first.
 */
export async function countWork(what: () => unknown): Promise<number> {
  await entriesSinceLastTime();
  await what();
  return await entriesSinceLastTime();
}

/**
 * How much more work each of some sizes takes than the one before it, once whatever is done only once has been done.
 * @param what does something to that size
 */
export async function growth(sizes: readonly number[], what: (size: number) => unknown): Promise<number[]> {
  for (const size of sizes) await what(size);
  const counted: number[] = [];
  for (const size of sizes) counted.push(await countWork(() => what(size)));
  return counted.slice(1).map((work, index) => work / (counted[index] ?? work));
}

async function entriesSinceLastTime(): Promise<number> {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  let entries = 0;
  for (const { url, functions } of result) {
    if (url.startsWith('node:')) continue;
    for (const { ranges } of functions) for (const { count } of ranges) entries += count;
  }
  return entries;
}
