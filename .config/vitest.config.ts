import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const { resolve } = createRequire(import.meta.url);

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  resolve: {
    // Node takes the package's CommonJS build everywhere. Left alone, Vite would take the other one for our files only,
    // and the two do not know each other's types.
    alias: [{ find: /^graphql$/, replacement: resolve('graphql') }],
  },
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Left alone, one core is not used.
    maxWorkers: '100%',
  },
});
