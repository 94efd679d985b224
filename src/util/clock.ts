/**
 * Where time comes from. Tests turn their own.
 *
 * @example
 * ```ts
 * import type { Clock } from 'sluice';
 *
 * // A clock that stands still until it is turned.
 * export class FakeClock implements Clock {
 *   #now = 0;
 *
 *   now(): number {
 *     return this.#now;
 *   }
 *
 *   advance(milliseconds: number): void {
 *     this.#now += milliseconds;
 *   }
 * }
 * ```
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
