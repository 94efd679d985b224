import type { TableListener, TableNames } from '../../src/database/table-listener.ts';

/** Names in the order of the alphabet, or that they are not known. */
export type Told = readonly string[] | 'unknown';

/** A listener that remembers what it was told. */
export interface Recorder extends TableListener {
  readonly reads: Told[];
  readonly writes: Told[];
  /** Forgets what it was told so far. */
  clear(): void;
}

export function recorder(): Recorder {
  const reads: Told[] = [];
  const writes: Told[] = [];
  return {
    reads,
    writes,
    onRead(tables) {
      reads.push(told(tables));
    },
    onWrite(tables) {
      writes.push(told(tables));
    },
    clear() {
      reads.length = 0;
      writes.length = 0;
    },
  };
}

export function told(tables: TableNames): Told {
  return tables === undefined ? 'unknown' : [...tables].toSorted();
}
