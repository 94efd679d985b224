import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { workerCount } from '../../src/cli/run.ts';
import { sharedDefaults } from '../../src/cli/workers/shared-defaults.ts';

describe('workers keep buckets and answers', () => {
  const defaults = {
    RATE_LIMIT_STORE: 'sqlite:data/sluice-limits.db',
    RESPONSE_CACHE_STORE: 'sqlite:data/sluice-answers.db',
  };

  it.each([
    ['by default', {}],
    ['with PostgreSQL', { DATABASE_URL: 'postgres://shop@db/shop' }],
    ['where variables are empty', { DATABASE_URL: '', REDIS_URL: '', RATE_LIMIT_STORE: '' }],
  ])('in SQLite files in the folder data %s', (_title, env) => {
    expect(sharedDefaults(env)).toEqual({ ...env, ...defaults });
  });

  it.each([
    ['/var/shop/shop.db', '/var/shop/'],
    ['../shop.db', '../'],
    ['shop.db', ''],
    ['/shop.db', '/'],
  ])('in SQLite files beside the database %s', (path, folder) => {
    expect(sharedDefaults({ DATABASE_URL: `sqlite:${path}` })).toMatchObject({
      RATE_LIMIT_STORE: `sqlite:${folder}sluice-limits.db`,
      RESPONSE_CACHE_STORE: `sqlite:${folder}sluice-answers.db`,
    });
  });

  it('where they are told to, each by itself', () => {
    const limits = { RATE_LIMIT_STORE: 'memory' };
    expect(sharedDefaults(limits)).toEqual({ ...defaults, ...limits });
    const answers = { RESPONSE_CACHE_STORE: 'none' };
    expect(sharedDefaults(answers)).toEqual({ ...defaults, ...answers });
  });

  it('in Redis where there is one', () => {
    const env = { REDIS_URL: 'redis://cache:6379' };
    expect(sharedDefaults(env)).toEqual(env);
  });
});

describe('the number of workers', () => {
  it('is an integer from 1 to 64, or that of the processors', () => {
    expect(['1', '2', '64', 'auto'].map(workerCount)).toEqual([
      1,
      2,
      64,
      Math.min(availableParallelism(), 64),
    ]);
  });

  it.each(['0', '65', '-1', '1.5', '2 ', '1e1', 'all', ''])('is not %j', (text) => {
    expect(() => workerCount(text)).toThrow('Give an integer from 1 to 64, or auto');
  });
});
