import type { Clock } from '../../src/util/clock.ts';

/** Time that passes only when a test says so. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);

  now(): number {
    return this.#now;
  }

  /** Lets seconds pass; negative ones turn the clock back. */
  advance(seconds: number): void {
    this.#now += seconds * 1000;
  }
}
