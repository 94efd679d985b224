import { AsyncLocalStorage } from 'node:async_hooks';

/** The tables that an operation has read so far. */
export interface Reads {
  readonly tables: Set<string>;
  /** Those that were read where writes to them are to drop nothing. */
  readonly aside: Set<string>;
  /** Whether some of what it has read is in tables that cannot be told. */
  areUnknown: boolean;
}

interface Recording {
  readonly reads: Reads;
  readonly isAside: boolean;
}

const current = new AsyncLocalStorage<Recording>();

export function newReads(): Reads {
  return { tables: new Set(), aside: new Set(), areUnknown: false };
}

/** Notes what is read by an action, and by whatever it starts. */
export function recordReads<Result>(reads: Reads, action: () => Result): Result {
  return current.run({ reads, isAside: false }, action);
}

/** Notes what is read by an action, and by whatever it starts, as what writes do not matter to. */
export function recordAside<Result>(action: () => Result): Result {
  const recording = current.getStore();
  return recording === undefined ? action() : current.run({ ...recording, isAside: true }, action);
}

/** Notes that tables are being read; undefined: it cannot be told which. */
export function noteRead(tables: ReadonlySet<string> | undefined): void {
  const recording = current.getStore();
  if (recording === undefined) return;
  const { reads, isAside } = recording;
  if (tables !== undefined) for (const table of tables) (isAside ? reads.aside : reads.tables).add(table);
  else if (!isAside) reads.areUnknown = true;
}
