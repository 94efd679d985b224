/** Loaded into the server before its program: tells whoever started it how much memory it takes, or time it took. */
import type { Memory } from './probed.ts';

process.on('message', (asked) => {
  if (asked === 'cpu') tellCpu();
  else tellMemory();
});
// The channel is no reason to stay when the server has ended.
process.channel?.unref();

function tellCpu(): void {
  const { user, system } = process.cpuUsage();
  process.send?.((user + system) / 1000);
}

function tellMemory(): void {
  if (globalThis.gc === undefined) throw new Error('Run node with --expose-gc.');
  // What a first collection finalises a second one frees.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ used: heapUsed + external, rss } satisfies Memory);
}
