import type { MemcachedServer } from '../../../connections/memcached/index.ts';
import type { Rule } from '../../strategies/index.ts';

/** How often a counter is tried to change that others change as well. */
const attempts = 20;
/** Seconds by which a counter outlives its window: the server tells time by whole seconds, and so does the window. */
const outliving = 2;
/**
 * The most units that are taken without reading first. Those of denied operations are in a counter for a moment too, and
 * must not run over into the window's half: with this it would take 32,768 of them at once.
 */
const mostAtOnce = 2 ** 16;

/** A window, as one number of 64 bits: its start in the upper half, the units in the lower one. */
export interface CounterWindow {
  /** Whole seconds since the epoch. */
  readonly start: number;
  /** Units, at most 2^32 - 1. */
  readonly used: number;
}

/** A share of a window that nobody else can have: the units from `used` to `used + reserved`. */
export interface Reservation extends CounterWindow {
  readonly reserved: number;
}

/** One bucket in Memcached. Times (`now`, `takenAt`) are in milliseconds since the epoch. */
export class MemcachedCounter {
  readonly #server: MemcachedServer;
  readonly #key: string;
  readonly #rule: Rule;
  readonly #lifetime: number;

  constructor(server: MemcachedServer, key: string, rule: Rule) {
    this.#server = server;
    this.#key = key;
    this.#rule = rule;
    this.#lifetime = Math.ceil(rule.duration / 1000) + outliving;
  }

  /** Whether its server is not to be asked. */
  get isOpen(): boolean {
    return this.#server.breaker.isOpen;
  }

  /**
   * Reserves units, whether or not the limit has room for them; 0 only reads.
   * @throws Error when others change the counter all the time
   */
  async reserve(units: number, now: number): Promise<Reservation> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const isSmall = units > 0 && units <= mostAtOnce;
      const reservation = isSmall ? await this.#increment(units, now) : await this.#swap(units, now);
      if (reservation !== undefined) return reservation;
    }
    throw new Error('A counter changes so often that it cannot be taken from.');
  }

  /** Reads the window that `now` is in. */
  async read(now: number): Promise<CounterWindow | undefined> {
    const found = await this.#server.gets(this.#key);
    return found && this.#current(decode(found.value), now);
  }

  /** Gives back a part of what has just been reserved. */
  async release(units: number, { start }: CounterWindow, now: number): Promise<void> {
    if (this.#isNearEnd(start, now)) await this.#lower(units, now, (window) => window.start === start);
    else await this.#decrement(units, start);
  }

  /** Gives back units that were taken at `takenAt`, as far as the window has them. */
  async giveBack(units: number, takenAt: number, now: number): Promise<void> {
    await this.#lower(units, now, ({ start }) => takenAt >= start * 1000);
  }

  /** @returns undefined if it has to be tried again */
  async #increment(units: number, now: number): Promise<Reservation | undefined> {
    const text = await this.#server.incr(this.#key, units);
    if (text === undefined) return await this.#open({ start: secondOf(now), used: units });
    const { start, used } = decode(text);
    const window = this.#current({ start, used: used - units }, now);
    // The units that went into a window which is over are gone with it.
    if (window === undefined) return await this.#swap(units, now);
    if (window.start !== start) await this.#placeAnew(now);
    return { ...window, reserved: units };
  }

  async #open(window: CounterWindow): Promise<Reservation | undefined> {
    const isOpened = await this.#server.add(this.#key, encode(window), this.#lifetime);
    return isOpened ? { start: window.start, used: 0, reserved: window.used } : undefined;
  }

  /** Reserves what the limit has room for, in a new window where the old one is over. */
  async #swap(units: number, now: number): Promise<Reservation | undefined> {
    const found = await this.#server.gets(this.#key);
    const before = found && decode(found.value);
    const window = (before && this.#current(before, now)) ?? { start: secondOf(now), used: 0 };
    const reserved = Math.max(0, Math.min(units, this.#rule.limit - window.used));
    const isPlacedAnew = before !== undefined && window.start < before.start;
    if (reserved === 0 && !isPlacedAnew) return { ...window, reserved };
    const next = { start: window.start, used: window.used + reserved };
    if (found === undefined) return await this.#open(next);
    return (await this.#replace(next, found.version)) ? { ...window, reserved } : undefined;
  }

  async #replace(window: CounterWindow, version: string): Promise<boolean> {
    return await this.#server.cas(this.#key, { value: encode(window), version }, this.#lifetime);
  }

  /** After a jump back of the clock. If others come between all the time, the next operation tries again. */
  async #placeAnew(now: number): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if ((await this.#swap(0, now)) !== undefined) return;
    }
  }

  /** Subtracts from a window that is not near its end, and adds again where it was replaced nevertheless. */
  async #decrement(units: number, start: number): Promise<void> {
    const text = await this.#server.decr(this.#key, units);
    if (text !== undefined && decode(text).start !== start) await this.#server.incr(this.#key, units);
  }

  /** Takes units out of a window, but for those that it does not have; none if that is not the one. */
  async #lower(units: number, now: number, isTheOne: (window: CounterWindow) => boolean): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const found = await this.#server.gets(this.#key);
      if (found === undefined) return;
      const before = decode(found.value);
      const window = this.#current(before, now);
      if (window === undefined || !isTheOne(window)) return;
      if (window.start === before.start && window.used >= units && !this.#isNearEnd(window.start, now)) {
        await this.#decrement(units, window.start);
        return;
      }
      const next = { start: window.start, used: Math.max(0, window.used - units) };
      if (await this.#replace(next, found.version)) return;
    }
  }

  /** The same that the strategy FIXED_WINDOW makes of a window, but in whole seconds. */
  #current(window: CounterWindow, now: number): CounterWindow | undefined {
    if (now >= window.start * 1000 + this.#rule.duration) return undefined;
    return window.start > secondOf(now) ? { start: secondOf(now), used: window.used } : window;
  }

  /** Whether others, whose clocks differ a little, may have replaced the window. */
  #isNearEnd(start: number, now: number): boolean {
    return now >= start * 1000 + this.#rule.duration - 1000;
  }
}

function secondOf(now: number): number {
  return Math.floor(now / 1000);
}

function encode({ start, used }: CounterWindow): string {
  return String((BigInt(start) << 32n) | BigInt(used));
}

/** @throws SyntaxError if it is no number, because another program has the key */
function decode(text: string): CounterWindow {
  const both = BigInt(text);
  return { start: Number(both >> 32n), used: Number(both & 0xffff_ffffn) };
}
