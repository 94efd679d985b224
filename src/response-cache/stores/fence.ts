import type { Tag } from '../tags.ts';
import { Chain, type Link } from './chain.ts';

/** How many tags are remembered: a making that never ends would have all of them remembered for ever. */
const maxRemembered = 100_000;

/** The makings that began between the same two drops. */
interface Period {
  readonly begun: number;
  running: number;
}

interface Drop {
  readonly tag: Tag;
  readonly sequence: number;
}

/** A place in the fence, by which a making ends. */
export type Place = Link<Period>;

/**
 * Knows which tags have been dropped since a making began. Drops are numbered. The last one of each tag is remembered
 * while a making runs that began before it; what is forgotten counts as dropped, so that in doubt a making is overtaken.
 */
export class Fence {
  readonly #lastDrops = new Map<Tag, Link<Drop>>();
  readonly #drops = new Chain<Drop>();
  readonly #periods = new Chain<Period>();
  #sequence = 0;
  /** Makings that began before the drop of this number count as overtaken. */
  #floor = 0;

  /** The number of the last drop. */
  get sequence(): number {
    return this.#sequence;
  }

  /** How many tags are remembered as dropped. */
  get remembered(): number {
    return this.#lastDrops.size;
  }

  begin(): Place {
    const { last } = this.#periods;
    if (last?.value.begun !== this.#sequence) {
      return this.#periods.append({ begun: this.#sequence, running: 1 });
    }
    last.value.running += 1;
    return last;
  }

  /** Ends one making that began at this place, once. */
  end(place: Place): void {
    const { value: period } = place;
    period.running -= 1;
    // Those below the floor are not in the chain any more.
    if (period.running > 0 || period.begun < this.#floor) return;
    this.#periods.remove(place);
    this.#forget();
  }

  drop(tags: readonly Tag[]): void {
    this.#sequence += 1;
    for (const tag of tags) {
      if (this.#periods.first === undefined) break;
      this.#memoize(tag);
    }
    this.#forget();
  }

  dropEverything(): void {
    this.#sequence += 1;
    this.#raise(this.#sequence);
    this.#forget();
  }

  /** Whether any of the tags has been dropped since the drop of a number, or may have been for all that is remembered. */
  isOvertaken(since: number, tags: Iterable<Tag>): boolean {
    if (since < this.#floor) return true;
    for (const tag of tags) {
      const drop = this.#lastDrops.get(tag);
      if (drop !== undefined && drop.value.sequence > since) return true;
    }
    return false;
  }

  #memoize(tag: Tag): void {
    const before = this.#lastDrops.get(tag);
    if (before !== undefined) this.#drops.remove(before);
    this.#lastDrops.set(tag, this.#drops.append({ tag, sequence: this.#sequence }));
    const { first } = this.#drops;
    if (this.#lastDrops.size <= maxRemembered || first === undefined) return;
    this.#remove(first);
    this.#raise(first.value.sequence);
  }

  /** Gives up the makings that began before a drop. */
  #raise(floor: number): void {
    this.#floor = floor;
    let place = this.#periods.first;
    while (place !== undefined && place.value.begun < floor) {
      this.#periods.remove(place);
      place = this.#periods.first;
    }
  }

  /** Forgets the drops that no running making began before. */
  #forget(): void {
    const oldest = this.#periods.first?.value.begun ?? this.#sequence;
    let drop = this.#drops.first;
    while (drop !== undefined && drop.value.sequence <= oldest) {
      this.#remove(drop);
      this.#floor = drop.value.sequence;
      drop = this.#drops.first;
    }
    if (this.#periods.first === undefined) this.#floor = this.#sequence;
  }

  #remove(drop: Link<Drop>): void {
    this.#drops.remove(drop);
    this.#lastDrops.delete(drop.value.tag);
  }
}
