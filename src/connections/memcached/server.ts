import { MemcacheClient } from 'memcache-client';
import type { Logger } from 'pino';
import { Breaker, StoreUnavailable } from '../breaker.ts';
import { within } from '../within.ts';

const firstConnectionMs = 1000;
/** Seconds above which Memcached takes an exptime for a time since the epoch. */
const longestRelative = 30 * 24 * 3600;
const greatestExptime = 2 ** 31 - 1;

/** A value and its version, which cas compares. */
export interface Versioned {
  readonly value: string;
  readonly version: string;
}

export interface MemcachedServerOptions {
  readonly host: string;
  readonly port: number;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Logger;
}

/**
 * One Memcached server. Keys have 250 bytes at most, without blanks and control characters; lifetimes are in seconds,
 * at least 1. Nothing is ever sent twice. What is asked while the server does not answer rejects with StoreUnavailable.
 */
export class MemcachedServer {
  /** The address. */
  readonly name: string;
  readonly breaker: Breaker;
  readonly #client: MemcacheClient;

  /** @throws Error for an IPv6 address, which memcache-client cannot tell from the port */
  constructor({ host, port, timeoutMs, log }: MemcachedServerOptions) {
    if (host.includes(':')) {
      throw new Error(`Memcached cannot be reached at the IPv6 address ${host}: give it a host name.`);
    }
    this.name = `${host}:${port}`;
    // The client looks at the clock before it looks for answers, so that the breaker has to be the first to give up.
    const cmdTimeout = timeoutMs + firstConnectionMs;
    this.#client = new MemcacheClient({
      server: this.name,
      cmdTimeout,
      connectTimeout: firstConnectionMs,
      noDelay: true,
    });
    this.breaker = new Breaker({
      name: `memcached://${this.name}`,
      timeoutMs,
      isOutage: (error) => error instanceof StoreUnavailable,
      probe: () => this.#client.version(),
      log,
    });
  }

  /** Resolves once it can be asked, or else with its breaker open, after a second at most. */
  async connect(): Promise<void> {
    try {
      const late = (): Error => new StoreUnavailable(`No answer within ${firstConnectionMs} ms.`);
      await within(this.#client.version(), firstConnectionMs, late);
    } catch (error) {
      this.breaker.trip(error);
    }
  }

  async gets(key: string): Promise<Versioned | undefined> {
    return await this.#ask(() => this.#find(key));
  }

  /** @returns whether there was none */
  async add(key: string, value: string, lifetime: number): Promise<boolean> {
    return (
      (await this.#ask(() => this.#client.add(key, value, { lifetime: exptime(lifetime) }))) !== undefined
    );
  }

  /** @returns whether it was of that version still */
  async cas(key: string, { value, version }: Versioned, lifetime: number): Promise<boolean> {
    const options = { casUniq: version, lifetime: exptime(lifetime) };
    return (await this.#ask(() => this.#client.cas(key, value, options))) !== undefined;
  }

  /** Adds to an unsigned number of 64 bits. @returns the sum in decimal, undefined if there is none */
  async incr(key: string, by: number): Promise<string | undefined> {
    return await this.#ask(() => this.#client.incr(key, by));
  }

  /** Subtracts; the difference is 0 at least. @returns the difference in decimal, undefined if there is none */
  async decr(key: string, by: number): Promise<string | undefined> {
    return await this.#ask(() => this.#client.decr(key, by));
  }

  close(): void {
    this.breaker.end();
    this.#client.shutdown();
  }

  async #find(key: string): Promise<Versioned | undefined> {
    // The declaration does not say that what is not there is undefined.
    const found = (await this.#client.gets<string>(key)) as
      { readonly value: string; readonly casUniq: string | number } | undefined;
    return found && { value: found.value, version: String(found.casUniq) };
  }

  /** @returns undefined where the server answers that a key is not as it should be for the command */
  async #ask<Value>(command: () => Promise<Value>): Promise<Value | undefined> {
    return await this.breaker.guard(async () => {
      try {
        return await command();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (/^(NOT_FOUND|NOT_STORED|EXISTS)$/.test(message)) return undefined;
        // These are about one key or value; the server works, and says so.
        if (/^(CLIENT|SERVER)_ERROR/.test(message)) throw error;
        throw new StoreUnavailable(`${this.name}: ${message}`, { cause: error });
      }
    });
  }
}

function exptime(lifetime: number): number {
  if (lifetime <= longestRelative) return lifetime;
  return Math.min(greatestExptime, Math.ceil(Date.now() / 1000) + lifetime);
}
