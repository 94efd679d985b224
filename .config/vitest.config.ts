import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const { resolve } = createRequire(import.meta.url);

const all = ['tests/**/*.test.ts'];
/** These have modules replaced, which others in the same worker would share. */
const replacing = ['tests/shop/password.test.ts', 'tests/http/handler.differential.test.ts'];

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
      { extends: true, test: { name: 'shared', include: all, exclude: replacing, isolate: false } },
      { extends: true, test: { name: 'apart', include: replacing } },
    ],
    // A test that hangs is to fail, a busy machine is not: some tests compile the program, or start it several times.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Left alone, one core is not used.
    maxWorkers: '100%',
  },
});
