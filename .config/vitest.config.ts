import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const { resolve } = createRequire(import.meta.url);

const all = 'tests/**/*.test.ts';
const slow = 'tests/**/*.slow.test.ts';
/** They count what the program does, from its first line on. */
const hostile = 'tests/hostile/*.test.ts';
const slowHostile = 'tests/hostile/*.slow.test.ts';
/** It has a module replaced, which others in the same worker would share. */
const replacing = 'tests/http/handler.differential.test.ts';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  resolve: {
    // Node takes the package's CommonJS build everywhere. Left alone, Vite would take the other one for our files only,
    // and the two do not know each other's types.
    alias: [{ find: /^graphql$/, replacement: resolve('graphql') }],
  },
  test: {
    projects: [
      // Loading the servers takes longer than most tests: files share what a worker has loaded.
      {
        extends: true,
        test: { name: 'shared', include: [all], exclude: [replacing, slow, hostile], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'hostile',
          include: [hostile],
          exclude: [slow],
          setupFiles: ['tests/support/count-work.ts'],
        },
      },
      { extends: true, test: { name: 'apart', include: [replacing] } },
      // These start programs, npm among them, or send a lot. `npm test` leaves them out.
      { extends: true, test: { name: 'slow', include: [slow], exclude: [slowHostile], isolate: false } },
      {
        extends: true,
        test: { name: 'slow-hostile', include: [slowHostile], setupFiles: ['tests/support/count-work.ts'] },
      },
    ],
    // What programs compile that tests start, the next ones find there: most of their time they start.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), `sluice-compiled-${process.getuid?.() ?? 0}`) },
    // A test that hangs is to fail, a busy machine is not: some tests compile the program, or start it several times.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Left alone, one core is not used.
    maxWorkers: '100%',
  },
});
