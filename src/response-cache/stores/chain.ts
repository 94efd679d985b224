/** A member of a chain. */
export interface Link<Value> {
  readonly value: Value;
  previous: Link<Value> | undefined;
  next: Link<Value> | undefined;
}

/**
 * A doubly linked list: what comes is the last, and any member can go. Nothing takes longer the more members there are,
 * unlike finding the first of a Map, which searches all that were deleted before it.
 */
export class Chain<Value> {
  #first: Link<Value> | undefined;
  #last: Link<Value> | undefined;

  get first(): Link<Value> | undefined {
    return this.#first;
  }

  get last(): Link<Value> | undefined {
    return this.#last;
  }

  append(value: Value): Link<Value> {
    const link: Link<Value> = { value, previous: this.#last, next: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    return link;
  }

  /** Takes out a link that is in this chain. */
  remove(link: Link<Value>): void {
    const { previous, next } = link;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    // Who still holds the link does not hold the others.
    link.previous = undefined;
    link.next = undefined;
  }
}
