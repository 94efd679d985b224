import type { Tag } from '../tags.ts';
import { Chain, type Link } from './chain.ts';

/** How many tags are remembered: a pending answer that never ends would have all of them remembered for ever. */
const maxRemembered = 100_000;

/** The pending answers that began between the same two invalidations. */
interface Period {
  readonly begun: number;
  running: number;
}

interface Invalidation {
  readonly tag: Tag;
  readonly sequence: number;
}

/** A place in the fence, by which a pending answer ends. */
export type Place = Link<Period>;

/**
 * Knows which tags have been invalidated since a pending answer began. Invalidations are numbered. The last one of each
 * tag is remembered while an answer is pending that began before it; what is forgotten counts as invalidated, so that
 * in doubt a pending answer is invalidated.
 */
export class Fence {
  readonly #lastInvalidations = new Map<Tag, Link<Invalidation>>();
  readonly #invalidations = new Chain<Invalidation>();
  readonly #periods = new Chain<Period>();
  #sequence = 0;
  /** Pending answers that began before the invalidation of this number count as invalidated. */
  #floor = 0;

  /** The number of the last invalidation. */
  get sequence(): number {
    return this.#sequence;
  }

  /** How many tags are remembered as invalidated. */
  get remembered(): number {
    return this.#lastInvalidations.size;
  }

  begin(): Place {
    const { last } = this.#periods;
    if (last?.value.begun !== this.#sequence) {
      return this.#periods.append({ begun: this.#sequence, running: 1 });
    }
    last.value.running += 1;
    return last;
  }

  /** Ends one pending answer that began at this place, once. */
  end(place: Place): void {
    const { value: period } = place;
    period.running -= 1;
    // Those below the floor are not in the chain any more.
    if (period.running > 0 || period.begun < this.#floor) return;
    this.#periods.remove(place);
    this.#forget();
  }

  invalidate(tags: readonly Tag[]): void {
    this.#sequence += 1;
    for (const tag of tags) {
      if (this.#periods.first === undefined) break;
      this.#remember(tag);
    }
    this.#forget();
  }

  invalidateEverything(): void {
    this.#sequence += 1;
    this.#raise(this.#sequence);
    this.#forget();
  }

  /**
   * Whether any of the tags has been invalidated since the invalidation of a number, or may have been for all that is
   * remembered.
   */
  isInvalidated(since: number, tags: Iterable<Tag>): boolean {
    if (since < this.#floor) return true;
    for (const tag of tags) {
      const invalidation = this.#lastInvalidations.get(tag);
      if (invalidation !== undefined && invalidation.value.sequence > since) return true;
    }
    return false;
  }

  #remember(tag: Tag): void {
    const before = this.#lastInvalidations.get(tag);
    if (before !== undefined) this.#invalidations.remove(before);
    this.#lastInvalidations.set(tag, this.#invalidations.append({ tag, sequence: this.#sequence }));
    const { first } = this.#invalidations;
    if (this.#lastInvalidations.size <= maxRemembered || first === undefined) return;
    this.#remove(first);
    this.#raise(first.value.sequence);
  }

  /** Gives up the pending answers that began before an invalidation. */
  #raise(floor: number): void {
    this.#floor = floor;
    let place = this.#periods.first;
    while (place !== undefined && place.value.begun < floor) {
      this.#periods.remove(place);
      place = this.#periods.first;
    }
  }

  /** Forgets the invalidations that no pending answer began before. */
  #forget(): void {
    const oldest = this.#periods.first?.value.begun ?? this.#sequence;
    let invalidation = this.#invalidations.first;
    while (invalidation !== undefined && invalidation.value.sequence <= oldest) {
      this.#remove(invalidation);
      this.#floor = invalidation.value.sequence;
      invalidation = this.#invalidations.first;
    }
    if (this.#periods.first === undefined) this.#floor = this.#sequence;
  }

  #remove(invalidation: Link<Invalidation>): void {
    this.#invalidations.remove(invalidation);
    this.#lastInvalidations.delete(invalidation.value.tag);
  }
}
