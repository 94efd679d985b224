/** Loaded into the server before its program: tells whoever started it how much memory it takes, when asked. */
import type { Memory } from './memory.ts';

process.on('message', () => {
  if (globalThis.gc === undefined) throw new Error('Run node with --expose-gc.');
  // What a first collection finalises a second one frees.
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ used: heapUsed + external, rss } satisfies Memory);
});
// The channel is no reason to stay when the server has ended.
process.channel?.unref();
