import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { describeEnv } from '../../src/config/env.ts';

const buckets = (value: string): unknown => loadConfig({ RATE_LIMIT_STORE: value }).stores.buckets;
const answers = (value: string): unknown => loadConfig({ RESPONSE_CACHE_STORE: value }).stores.answers;

describe('where stores are', () => {
  it('is in memory where nothing is said', () => {
    const { stores } = loadConfig({});
    expect(stores).toEqual({
      buckets: { kind: 'memory' },
      answers: { kind: 'memory' },
      prefix: 'sluice',
      timeoutMs: 50,
      onError: 'local',
    });
  });

  it('is REDIS_URL for both, unless one says otherwise', () => {
    const REDIS_URL = 'redis://cache.example:6380/2';
    const address = { nodes: [{ host: 'cache.example', port: 6380 }], options: { db: 2 } };
    const { stores } = loadConfig({ REDIS_URL });
    expect(stores.buckets).toMatchObject({ kind: 'redis', address });
    expect(stores.answers).toEqual(stores.buckets);
    const mixed = loadConfig({ REDIS_URL, RATE_LIMIT_STORE: 'memory', RESPONSE_CACHE_STORE: 'none' });
    expect([mixed.stores.buckets.kind, mixed.stores.answers.kind]).toEqual(['memory', 'none']);
  });

  it.each([
    ['memory', { kind: 'memory' }],
    ['sqlite:data/limits.db', { kind: 'sqlite', path: 'data/limits.db' }],
    ['sqlite:/var/lib/limits.db', { kind: 'sqlite', path: '/var/lib/limits.db' }],
    [
      'memcached://a.example,[2001:db8::1]:11212',
      {
        kind: 'memcached',
        servers: [
          { host: 'a.example', port: 11_211 },
          { host: '2001:db8::1', port: 11_212 },
        ],
      },
    ],
  ])('of buckets can be %s', (text, location) => {
    expect(buckets(text)).toEqual(location);
  });

  it.each([
    ['redis://localhost', { nodes: [{ host: 'localhost', port: 6379 }], isCluster: false, options: {} }],
    ['redis://:secret@h', { options: { password: 'secret' }, name: 'redis://h' }],
    ['redis://secret@h', { options: { password: 'secret' } }],
    ['redis://me:p%40ss@h', { options: { username: 'me', password: 'p@ss' } }],
    ['rediss://h:1', { options: { tls: {} }, name: 'rediss://h:1' }],
    [
      'redis://a:1,b:2',
      {
        isCluster: true,
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
        ],
      },
    ],
    ['redis://a:1?cluster', { isCluster: true }],
    ['redis://a:1/0?cluster', { isCluster: true }],
  ])('can be the Redis server %s', (text, address) => {
    for (const location of [buckets(text), answers(text)])
      expect(location).toMatchObject({ kind: 'redis', address });
  });

  it.each([
    'none',
    'sqlite:',
    'sqlite::memory:',
    'sqlite://data/limits.db',
    'redis:',
    'redis://',
    'redis://h:0',
    'redis://h:65536',
    'redis://h/one',
    'redis://a,b/1',
    'redis://a,,b',
    'redis://h?db=1',
    'http://h',
    'memcached://',
    'memcached://a,',
    'memcached://a:x',
  ])('of buckets cannot be %s', (text) => {
    expect(() => buckets(text)).toThrow(
      /^The configuration is not valid\.\nRATE_LIMIT_STORE is .*It must be memory, sqlite:PATH/,
    );
  });

  it('of answers cannot be Memcached, which cannot drop by tags', () => {
    expect(() => answers('memcached://h')).toThrow(
      /RESPONSE_CACHE_STORE .* must be none, memory, sqlite:PATH, redis:/,
    );
  });

  it('is not the file of the database', () => {
    const env = { DATABASE_URL: 'sqlite:data/x.db', RATE_LIMIT_STORE: 'sqlite:data/x.db' };
    expect(() => loadConfig(env)).toThrow(
      /RATE_LIMIT_STORE names the file data\/x\.db, which is that of DATABASE_URL/,
    );
    const other = { DATABASE_URL: 'sqlite:x.db', RESPONSE_CACHE_STORE: 'sqlite:./data/../x.db' };
    expect(() => loadConfig(other)).toThrow(/RESPONSE_CACHE_STORE names the file/);
  });

  it('never shows a password, in the configuration in effect or in an error', () => {
    const secret = 'hunter2';
    for (const url of [`redis://:${secret}@h:1`, `rediss://me:${secret}@h`, `redis://${secret}@h`]) {
      const shown = describeEnv({ REDIS_URL: url, RATE_LIMIT_STORE: url });
      expect(JSON.stringify(shown)).not.toContain(secret);
      expect(shown['REDIS_URL']).toContain('***@h');
    }
    expect(describeEnv({ REDIS_URL: `rediss://me:${secret}@h` })['REDIS_URL']).toBe('rediss://me:***@h');
    expect(() => loadConfig({ REDIS_URL: `redis://me:${secret}@h:nowhere` })).toThrow(/^(?!.*hunter2)/s);
  });
});
