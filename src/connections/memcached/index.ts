import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import { MemcachedServer } from './server.ts';

export type { MemcachedServer };

export interface MemcachedOptions {
  /** One at least. Every process has to name the same ones, in any order. */
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Logger;
}

/** Memcached servers that share the keys between them. */
export interface Memcached {
  /** Whether no server is to be asked. */
  readonly isOpen: boolean;
  /** The server that has a key: one and the same in every process. */
  serverOf(key: string): MemcachedServer;
  close(): void;
}

/**
 * Connects to all; the breakers of those that cannot be reached within a second are open. A server that fails does not
 * hand its keys to the others: they come back to it, and until then nobody has them.
 * @throws Error if there are no servers or one has an IPv6 address
 */
export async function openMemcached({ servers, timeoutMs, log }: MemcachedOptions): Promise<Memcached> {
  const all = servers.map(({ host, port }) => new MemcachedServer({ host, port, timeoutMs, log }));
  const [first, ...others] = all;
  if (first === undefined) throw new Error('There are no Memcached servers: name one.');
  await Promise.all(all.map((server) => server.connect()));
  return {
    get isOpen() {
      return all.every(({ breaker }) => breaker.isOpen);
    },
    serverOf: (key) => (others.length === 0 ? first : highest(first, others, key)),
    close() {
      for (const server of all) server.close();
    },
  };
}

/**
 * The server whose name gives the highest number together with the key, so that one server more or fewer moves only the
 * keys that it gets or had: rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit
 * rates", 1998).
 */
function highest(first: MemcachedServer, others: readonly MemcachedServer[], key: string): MemcachedServer {
  let best = first;
  let bestScore = scoreOf(first, key);
  for (const server of others) {
    const score = scoreOf(server, key);
    if (score > bestScore) [best, bestScore] = [server, score];
  }
  return best;
}

function scoreOf({ name }: MemcachedServer, key: string): number {
  return hash('sha1', `${name} ${key}`, 'buffer').readUIntBE(0, 6);
}
