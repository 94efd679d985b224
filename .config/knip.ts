import type { KnipConfig } from 'knip';

/**
 * What nothing uses: files, exports, packages. It is asked twice. With the tests as users like any others; and with
 * `--production`, of the sources alone, where an export that is there for tests only has to say so by `@internal`.
 */
const config: KnipConfig = {
  workspaces: {
    '.': {
      entry: [
        'src/index.ts!',
        'src/main.ts!',
        'tests/**/*.test.ts',
        // Are compiled, and never run.
        'tests/types/*.test-d.ts',
        // Are started by tests, as programs.
        'tests/**/*-program.ts',
      ],
      project: ['src/**/*.ts!', 'tests/**/*.ts', '*.ts', '.config/*'],
      // What package.json names, once it has been built.
      ignore: ['dist/**'],
      // Optional peers, which whoever configures them installs.
      ignoreDependencies: ['@apollo/server', 'ioredis', 'memcache-client', 'pg'],
    },
    bench: {
      // Peers are started by their names, and the probe is loaded into the server that is measured.
      entry: ['*.ts', 'peers/*.ts', 'soak/probe.ts'],
      project: ['**/*.ts'],
      // Come with the system; the bench says what it does without them.
      ignoreBinaries: ['gunicorn', 'taskset'],
    },
  },
};

export default config;
