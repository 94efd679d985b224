import { randomInt } from 'node:crypto';

/** Marks an entry of the table that holds nothing. */
const free = -1;

/**
 * Slots by key. An open-addressing hash table with linear probing and deletion without tombstones (Knuth, The Art of
 * Computer Programming, 6.4, algorithms L and R) in two typed arrays: at a million keys half the memory and a third of
 * the time of a Map, which moreover copies itself for a tenth of a second now and then.
 */
export class KeyIndex {
  /** Of free slots an empty text. */
  readonly #keys: string[] = [];
  #hashes = new Int32Array(1024);
  #table = new Int32Array(2048).fill(free);
  #size = 0;
  /** The key that was hashed last: a new bucket is looked for before it is made. */
  #hashed: string | undefined;
  #lastHash = 0;
  /** Which keys collide is not the same in any two processes, so that nobody can choose keys that do. */
  readonly #seed = randomInt(2 ** 32);

  /** One more than the highest slot that there has been. */
  get end(): number {
    return this.#keys.length;
  }

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  find(key: string): number | undefined {
    const hash = this.#hash(key);
    const last = this.#table.length - 1;
    for (let at = hash & last; ; at = (at + 1) & last) {
      const slot = this.#table[at] ?? free;
      if (slot === free) return undefined;
      if (this.#hashes[slot] === hash && this.#keys[slot] === key) return slot;
    }
  }

  /** Gives a free slot, or the first beyond all, to a key that has none. */
  add(key: string, slot: number): void {
    if (slot === this.#hashes.length) this.#growHashes();
    if (this.#size * 2 >= this.#table.length) this.#growTable();
    this.#keys[slot] = key;
    this.#hashes[slot] = this.#hash(key);
    this.#size += 1;
    this.#enter(slot);
  }

  remove(slot: number): void {
    const last = this.#table.length - 1;
    let gap = this.#home(slot, last);
    while (this.#table[gap] !== slot) gap = (gap + 1) & last;
    for (let at = (gap + 1) & last; ; at = (at + 1) & last) {
      const next = this.#table[at] ?? free;
      if (next === free) break;
      // It may fill the gap if a search that starts at its home comes past there.
      if (((at - this.#home(next, last)) & last) < ((at - gap) & last)) continue;
      this.#table[gap] = next;
      gap = at;
    }
    this.#table[gap] = free;
    this.#keys[slot] = '';
    this.#size -= 1;
  }

  #home(slot: number, last: number): number {
    return (this.#hashes[slot] ?? 0) & last;
  }

  #enter(slot: number): void {
    const last = this.#table.length - 1;
    let at = this.#home(slot, last);
    while (this.#table[at] !== free) at = (at + 1) & last;
    this.#table[at] = slot;
  }

  #growHashes(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }

  #growTable(): void {
    const before = this.#table;
    this.#table = new Int32Array(before.length * 2).fill(free);
    for (const slot of before) if (slot !== free) this.#enter(slot);
  }

  /** FNV-1a over the characters from a seed, with the finaliser of MurmurHash3. */
  #hash(key: string): number {
    if (key === this.#hashed) return this.#lastHash;
    let hash = this.#seed | 0;
    for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    this.#hashed = key;
    this.#lastHash = hash ^ (hash >>> 16);
    return this.#lastHash;
  }
}
