/** Classes of load. The highest is that of buckets with nothing left. */
const classes = 16;

/**
 * The order in which buckets have to go: the least loaded first, of those the one used longest ago. So whoever comes
 * under ever new names cannot wash out the bucket that keeps them waiting. Each class of load is a circular list;
 * entries 0 to 15 are the lists' ends, and slot n is entry n + 16.
 */
export class EvictionOrder {
  #next = new Int32Array(1024).map((_, entry) => entry);
  #previous = this.#next.slice();

  /**
   * Puts a slot that is not in the order where it belongs now, as the one used last.
   * @param load the share of the bucket's limit in use, 0 to 1
   */
  add(slot: number, load: number): void {
    const end = Math.min(Math.max(Math.floor(load * (classes - 1)), 0), classes - 1);
    const entry = slot + classes;
    while (entry >= this.#next.length) this.#grow();
    this.#link(this.#previous[end] ?? end, entry);
    this.#link(entry, end);
  }

  /** Takes out a slot that is in the order. */
  remove(slot: number): void {
    const entry = slot + classes;
    this.#link(this.#previous[entry] ?? entry, this.#next[entry] ?? entry);
  }

  /** The slot that has to go first. */
  first(): number | undefined {
    for (let end = 0; end < classes; end += 1) {
      const entry = this.#next[end] ?? end;
      if (entry !== end) return entry - classes;
    }
    return undefined;
  }

  #link(entry: number, next: number): void {
    this.#next[entry] = next;
    this.#previous[next] = entry;
  }

  #grow(): void {
    const next = new Int32Array(this.#next.length * 2);
    next.set(this.#next);
    this.#next = next;
    const previous = new Int32Array(this.#previous.length * 2);
    previous.set(this.#previous);
    this.#previous = previous;
  }
}
