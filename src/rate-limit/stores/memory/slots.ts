import type { State } from '../../strategies/index.ts';
import { KeyIndex } from './key-index.ts';

/** Numbers of a state that are kept in the table itself. */
const packed = 3;
const stride = packed + 1;

/** Ends the list of free slots. */
const none = -1;

/**
 * A table of buckets: a bucket's slot, an integer from 0, holds its key, its state and when that expires. Numbers lie
 * in typed arrays, which take a fraction of the memory that an object a bucket would; states of more than three
 * numbers, logs, are kept beside.
 */
export class Slots {
  readonly #index = new KeyIndex();
  readonly #long = new Map<number, State>();
  /** For each slot the numbers of its state and the time when it expires; the first of a free slot is the next free one. */
  #numbers = new Float64Array(1024 * stride);
  #lengths = new Uint8Array(1024);
  #free = none;

  /** How many buckets there are. */
  get size(): number {
    return this.#index.size;
  }

  /** One more than the highest slot that there has been. */
  get end(): number {
    return this.#index.end;
  }

  find(key: string): number | undefined {
    return this.#index.find(key);
  }

  /** Makes a bucket that is not there yet, without a state. */
  add(key: string): number {
    const slot = this.#free === none ? this.#append() : this.#reuse();
    this.#index.add(key, slot);
    return slot;
  }

  remove(slot: number): void {
    this.#index.remove(slot);
    this.write(slot, [this.#free], Infinity);
    this.#free = slot;
  }

  read(slot: number): State {
    const length = this.#lengths[slot] ?? 0;
    if (length > packed) return this.#long.get(slot) ?? [];
    const at = slot * stride;
    const state: number[] = [];
    for (let index = 0; index < length; index += 1) state.push(this.#numbers[at + index] ?? 0);
    return state;
  }

  /** @param expiresAt milliseconds since the epoch */
  write(slot: number, state: State, expiresAt: number): void {
    const at = slot * stride;
    if (state.length > packed) this.#long.set(slot, state);
    else {
      if ((this.#lengths[slot] ?? 0) > packed) this.#long.delete(slot);
      for (let index = 0; index < state.length; index += 1) this.#numbers[at + index] = state[index] ?? 0;
    }
    this.#lengths[slot] = Math.min(state.length, stride);
    this.#numbers[at + packed] = expiresAt;
  }

  /** Whether what a slot holds has expired. A free slot has not. */
  hasExpired(slot: number, now: number): boolean {
    return (this.#numbers[slot * stride + packed] ?? Infinity) <= now;
  }

  #reuse(): number {
    const slot = this.#free;
    this.#free = this.#numbers[slot * stride] ?? none;
    this.#lengths[slot] = 0;
    return slot;
  }

  #append(): number {
    const slot = this.#index.end;
    if (slot === this.#lengths.length) {
      const numbers = new Float64Array(this.#numbers.length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
      const lengths = new Uint8Array(this.#lengths.length * 2);
      lengths.set(this.#lengths);
      this.#lengths = lengths;
    }
    // Not 0, which would be long ago.
    this.#numbers[slot * stride + packed] = Infinity;
    return slot;
  }
}
