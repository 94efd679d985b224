import { expect } from 'vitest';

interface Kept {
  readonly text: string;
  readonly tags: readonly string[];
}

/**
 * What processes that share answers may give, as a plain list. One that has a copy of an older answer may give that also
 * when another process has kept a newer one, or when that one was invalidated, but none that was itself invalidated.
 */
export class PlainList {
  readonly #kept = new Map<string, Kept[]>();
  readonly #latest = new Map<string, Kept>();

  keep(key: string, text: string, tags: readonly string[]): void {
    const kept = { text, tags };
    this.#kept.set(key, [...(this.#kept.get(key) ?? []), kept]);
    this.#latest.set(key, kept);
  }

  invalidate(tags: readonly string[] | 'everything'): void {
    const isLeft = (kept: Kept): boolean =>
      tags !== 'everything' && !kept.tags.some((tag) => tags.includes(tag));
    for (const [key, kept] of this.#kept) this.#kept.set(key, kept.filter(isLeft));
    for (const [key, kept] of this.#latest) if (!isLeft(kept)) this.#latest.delete(key);
  }

  /** Checks what a process has given. @param text undefined if it was nothing */
  expectToGive(key: string, text: string | undefined): void {
    if (text === undefined) expect(this.#latest.get(key)).toBeUndefined();
    else expect(this.#kept.get(key)?.map((kept) => kept.text) ?? []).toContain(text);
  }
}
