import type { Charge, OperationCharges } from '../../../store.ts';
import type { Returned } from './give-back.ts';

interface Holding {
  readonly cost: number;
  /** By the clock of its shard, in milliseconds since the epoch. */
  readonly takenAt: number;
}

/** Says whether a selection is to have a charge, both by their indices in the operation. */
export type Wanted = (selection: number, bucket: number) => boolean;

/** What the selections of an operation have taken so far, in whatever shards. */
export class Holdings {
  readonly #operation: OperationCharges;
  /** By the indices of the selections and of the buckets. */
  readonly #held = new Map<number, Map<number, Holding>>();

  constructor(operation: OperationCharges) {
    this.#operation = operation;
  }

  isHolding(selection: number): boolean {
    return this.#held.has(selection);
  }

  has(selection: number, bucket: number): boolean {
    return this.#held.get(selection)?.has(bucket) === true;
  }

  add(selection: number, { bucket, cost }: Charge, takenAt: number): void {
    const held = this.#held.get(selection) ?? new Map<number, Holding>();
    this.#held.set(selection, held.set(bucket, { cost, takenAt }));
  }

  /** The units that are held of each bucket. */
  units(): number[] {
    const units = this.#operation.buckets.map(() => 0);
    for (const held of this.#held.values()) {
      for (const [bucket, { cost }] of held) units[bucket] = (units[bucket] ?? 0) + cost;
    }
    return units;
  }

  /** When the first of the units that are held of each bucket were taken. */
  times(): Map<number, number> {
    const times = new Map<number, number>();
    for (const held of this.#held.values()) {
      for (const [bucket, { takenAt }] of held) {
        times.set(bucket, Math.min(takenAt, times.get(bucket) ?? Infinity));
      }
    }
    return times;
  }

  /** Lets go of what is not wanted. @returns what has to be given back for that */
  release(isWanted: Wanted): Returned[] {
    const returned: Returned[] = [];
    for (const [selection, held] of this.#held) {
      for (const [index, holding] of held) {
        if (isWanted(selection, index)) continue;
        const bucket = this.#operation.buckets[index];
        if (bucket !== undefined) returned.push({ bucket, ...holding });
        held.delete(index);
      }
      if (held.size === 0) this.#held.delete(selection);
    }
    return returned;
  }
}
