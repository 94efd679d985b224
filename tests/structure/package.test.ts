import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/source-files.ts';

interface Lockfile {
  readonly packages: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

describe.each(['package-lock.json', 'bench/package-lock.json'])('the lockfile %s', (path) => {
  const lockfile = JSON.parse(readFileSync(join(root, path), 'utf8')) as Lockfile;

  // better-sqlite3 ships its binaries, but npm 10 runs a build for whatever has a binding.gyp, which fails where
  // Python or make is missing. Its own "gypfile": false does not reach the lockfile that `npm ci` goes by.
  it('keeps npm from building better-sqlite3 (after `npm install`, put "gypfile": false back into its entry)', () => {
    expect(lockfile.packages['node_modules/better-sqlite3']).toMatchObject({ gypfile: false });
  });

  it('names no registry', () => {
    const resolved = Object.values(lockfile.packages).filter((entry) => 'resolved' in entry);
    expect(resolved).toEqual([]);
  });
});
