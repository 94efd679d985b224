import type { Tag } from '../../tags.ts';

interface Tagged {
  /** Each once. */
  readonly tags: readonly Tag[];
}

/** Which entries have a tag. */
export class TagIndex<Entry extends Tagged> {
  /** An only entry stands for itself: most tags of single objects have no other, and a Set takes 150 bytes. */
  readonly #entries = new Map<Tag, Entry | Set<Entry>>();
  #links = 0;

  /** How many tags have entries. */
  get tags(): number {
    return this.#entries.size;
  }

  /** How many tags all entries have together. */
  get links(): number {
    return this.#links;
  }

  /** Adds an entry that is not there yet. */
  add(entry: Entry): void {
    for (const tag of entry.tags) {
      const others = this.#entries.get(tag);
      if (others === undefined) this.#entries.set(tag, entry);
      else if (others instanceof Set) others.add(entry);
      else this.#entries.set(tag, new Set([others, entry]));
    }
    this.#links += entry.tags.length;
  }

  /** Removes an entry that is there. */
  remove(entry: Entry): void {
    for (const tag of entry.tags) {
      const entries = this.#entries.get(tag);
      const isOnly = entries === entry;
      if (isOnly || (entries instanceof Set && entries.delete(entry))) this.#links -= 1;
      if (isOnly || (entries instanceof Set && entries.size === 0)) this.#entries.delete(tag);
    }
  }

  /** Removes a tag from all that have it, at once, and says which they are. */
  take(tag: Tag): Iterable<Entry> {
    const entries = this.#entries.get(tag);
    if (entries === undefined) return [];
    this.#entries.delete(tag);
    const taken = entries instanceof Set ? entries : new Set([entries]);
    this.#links -= taken.size;
    return taken;
  }
}
