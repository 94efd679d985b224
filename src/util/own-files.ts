import { chmodSync, closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const ownFile = 0o600;
const ownFolder = 0o700;

/** Makes the folders of a path that are missing, for their owner alone. Those that are there stay as they are. */
export function makeOwnFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: ownFolder });
}

/**
 * Sees to it that a file is there, and that nobody but its owner reads or writes it; also one of an earlier run, and
 * what SQLite keeps beside it.
 */
export function makeOwnFile(path: string): void {
  closeSync(openSync(path, 'a', ownFile));
  for (const each of [path, `${path}-wal`, `${path}-shm`]) keepOwn(each);
}

/** Writes a file that nobody but its owner can read, in place of one that is there. */
export function writeOwnFile(path: string, text: string): void {
  makeOwnFolder(dirname(path));
  rmSync(path, { force: true });
  writeFileSync(path, text, { flag: 'wx', mode: ownFile });
}

/** What keeps a file as it is: that it is somebody else's, or gone, or where nothing can be changed or owned. */
const reasons = new Set(['EPERM', 'ENOENT', 'EROFS', 'ENOTSUP']);

/** Takes a file from everybody but its owner, where there is one and it is ours. */
export function keepOwn(path: string): void {
  try {
    chmodSync(path, ownFile);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && reasons.has(String(error.code)))) throw error;
  }
}
