import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { start } from '../support/program.ts';
import { root } from '../support/source-files.ts';

/** What the command line and the shop need, and applications do not. */
const ofTheProgram = ['@node-rs/argon2', 'commander', 'zod'];
/** The drivers of what is configured in place of SQLite and memory. */
const ofOthers = ['ioredis', 'memcache-client', 'pg'];

describe('an application that is imported', () => {
  it.each([
    ['yoga', 'graphql-yoga', '@apollo/server'],
    ['apollo', '@apollo/server', 'graphql-yoga'],
  ])('loads on %s no server and no driver that it does not use', async (server, used, unused) => {
    const loaded = await loadedPackages(server);
    expect(loaded).toEqual(expect.arrayContaining(['better-sqlite3', 'graphql', 'kysely', used]));
    expect([unused, ...ofOthers, ...ofTheProgram].filter((name) => loaded.includes(name))).toEqual([]);
  });
});

/** The packages that one request makes an application load, on the defaults but for the engine. */
async function loadedPackages(server: string): Promise<string[]> {
  const program = join(root, 'tests/structure/loaded-packages-program.ts');
  const { stdout, stderr } = await start(process.execPath, [program, server]).exit;
  expect(stderr).toBe('');
  return JSON.parse(stdout) as string[];
}
