import { describe, expect, it } from 'vitest';
import { describeEnv, environmentTable, type EnvSource, readEnv } from '../../src/config/env.ts';
import { environment } from '../../src/config/variables.ts';

/** The message that the variables are refused with. */
function refusal(source: EnvSource): string {
  try {
    readEnv(source);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
}

const secret = 'correct-horse-battery-staple-1234';

describe('the environment', () => {
  it('needs no variable to be set', () => {
    expect(readEnv({})).toEqual({
      host: '127.0.0.1',
      port: 4000,
      server: 'yoga',
      execution: 'compiled',
      databaseUrl: 'sqlite:data/sluice.db',
      jwtSecret: undefined,
      jwtLifetime: 3600,
      adminKey: undefined,
      trustProxy: { hops: 0 },
      bodyLimit: 524_288,
      batchLimit: 10,
      executionTimeout: 10,
      responseLimit: 16_777_216,
      compression: true,
      documentTokens: 10_000,
      documentFields: 2500,
      documentAliases: 250,
      documentDepth: 100,
      introspection: true,
      introspectionTiers: ['ADMIN'],
      maxCost: 10_000,
      maxValues: 50_000,
      costExtension: false,
      trustedDocuments: null,
      trustedDocumentsMode: 'only',
      apq: true,
      apqBytes: 16_777_216,
      corsOrigins: '*',
      rateLimitMode: 'enforce',
      rateLimits: new Map(),
      rateLimitsFile: undefined,
      metaLimit: null,
      invalidRequestLimit: [{ limit: 100, duration: 60 }],
      memoryBuckets: 1_000_000,
      rateLimitHeaders: 'standard',
      rateLimitExtension: false,
      rejectStatus: 429,
      redisUrl: undefined,
      rateLimitStore: undefined,
      responseCacheStore: undefined,
      storePrefix: 'sluice',
      storeTimeout: 50,
      onStoreError: 'local',
      cacheMemoryBytes: 67_108_864,
      cacheFileBytes: 268_435_456,
      cacheBypassTiers: ['ADMIN'],
      logLevel: 'info',
      drainTimeout: 10,
      headersTimeout: 10,
      requestTimeout: 30,
      keepAliveTimeout: 5,
      writeTimeout: 30,
      maxConnections: 2000,
      maxPipelined: 32,
      maxUnsentBytes: 1_048_576,
      allowedHosts: undefined,
      graphiql: true,
      pageLimit: [{ limit: 60, duration: 60 }],
    });
  });

  it('takes an empty text for unset', () => {
    const empty = Object.fromEntries(environmentTable().map(({ name }) => [name, '']));
    expect(readEnv(empty)).toEqual(readEnv({}));
  });

  it('leaves variables of others alone', () => {
    expect(readEnv({ PATH: '/bin', SLUICE_PROT: '1' })).toEqual(readEnv({}));
  });

  it.each([
    ['HOST', '::', 'host', '::'],
    ['HOST', 'localhost', 'host', 'localhost'],
    ['PORT', '0', 'port', 0],
    ['PORT', '65535', 'port', 65_535],
    ['SERVER', 'apollo', 'server', 'apollo'],
    ['EXECUTION', 'graphql-js', 'execution', 'graphql-js'],
    ['DATABASE_URL', 'sqlite:/var/lib/sluice.db', 'databaseUrl', 'sqlite:/var/lib/sluice.db'],
    ['DATABASE_URL', 'sqlite::memory:', 'databaseUrl', 'sqlite::memory:'],
    ['DATABASE_URL', 'postgres://u:p@db/sluice', 'databaseUrl', 'postgres://u:p@db/sluice'],
    ['DATABASE_URL', 'postgresql://db/sluice', 'databaseUrl', 'postgresql://db/sluice'],
    ['JWT_SECRET', secret, 'jwtSecret', secret],
    ['JWT_LIFETIME', '2592000', 'jwtLifetime', 2_592_000],
    ['ADMIN_KEY', secret, 'adminKey', secret],
    ['TRUST_PROXY', '10', 'trustProxy', { hops: 10 }],
    ['TRUST_PROXY', '10.0.0.0/8, ::1', 'trustProxy', { ranges: ['10.0.0.0/8', '::1'] }],
    ['BODY_LIMIT', '1024', 'bodyLimit', 1024],
    ['BATCH_LIMIT', '1', 'batchLimit', 1],
    ['EXECUTION_TIMEOUT', '1', 'executionTimeout', 1],
    ['EXECUTION_TIMEOUT', 'off', 'executionTimeout', 'off'],
    ['RESPONSE_LIMIT', '1024', 'responseLimit', 1024],
    ['DOCUMENT_TOKENS', '100', 'documentTokens', 100],
    ['DOCUMENT_FIELDS', '10', 'documentFields', 10],
    ['DOCUMENT_ALIASES', '0', 'documentAliases', 0],
    ['DOCUMENT_DEPTH', '500', 'documentDepth', 500],
    ['INTROSPECTION', 'off', 'introspection', false],
    ['INTROSPECTION_TIERS', 'STAFF, ADMIN', 'introspectionTiers', ['STAFF', 'ADMIN']],
    ['INTROSPECTION_TIERS', 'off', 'introspectionTiers', []],
    ['MAX_COST', '1', 'maxCost', 1],
    ['MAX_VALUES', '1', 'maxValues', 1],
    ['COST_EXTENSION', 'on', 'costExtension', true],
    ['CORS_ORIGINS', 'https://app.example', 'corsOrigins', ['https://app.example']],
    [
      'CORS_ORIGINS',
      'https://a.example, http://localhost:3000',
      'corsOrigins',
      ['https://a.example', 'http://localhost:3000'],
    ],
    ['RATE_LIMIT_STORE', 'memory', 'rateLimitStore', { kind: 'memory' }],
    ['RESPONSE_CACHE_STORE', 'none', 'responseCacheStore', { kind: 'none' }],
    ['STORE_PREFIX', 'shop-1.eu', 'storePrefix', 'shop-1.eu'],
    ['STORE_TIMEOUT', '10000', 'storeTimeout', 10_000],
    ['ON_STORE_ERROR', 'allow', 'onStoreError', 'allow'],
    ['CACHE_MEMORY_BYTES', '65536', 'cacheMemoryBytes', 65_536],
    ['CACHE_FILE_BYTES', '1048576', 'cacheFileBytes', 1_048_576],
    ['CACHE_BYPASS_TIERS', 'off', 'cacheBypassTiers', []],
    ['CACHE_BYPASS_TIERS', 'ADMIN, STAFF', 'cacheBypassTiers', ['ADMIN', 'STAFF']],
    ['LOG_LEVEL', 'silent', 'logLevel', 'silent'],
    ['DRAIN_TIMEOUT', '0', 'drainTimeout', 0],
    ['ALLOWED_HOSTS', '*', 'allowedHosts', '*'],
    ['ALLOWED_HOSTS', 'a.example, ::2', 'allowedHosts', ['a.example', '::2']],
    ['GRAPHIQL', 'off', 'graphiql', false],
  ])('reads %s=%s', (name, text, key, value) => {
    expect(readEnv({ [name]: text })).toEqual({ ...readEnv({}), [key]: value });
  });

  it.each([
    ['HOST', 'two words'],
    ['HOST', '[::1]'],
    ['HOST', '300.1.1.1'],
    ['HOST', 'http://localhost'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '1e3'],
    ['PORT', '12abc'],
    ['PORT', ' '],
    ['PORT', ' 80'],
    ['PORT', '080'],
    ['PORT', '0x50'],
    ['PORT', '80.0'],
    ['SERVER', 'Yoga'],
    ['SERVER', 'mercurius'],
    ['EXECUTION', 'jit'],
    ['EXECUTION_TIMEOUT', '0'],
    ['RESPONSE_LIMIT', '1023'],
    ['JWT_LIFETIME', '59'],
    ['JWT_LIFETIME', '2592001'],
    ['JWT_LIFETIME', '1h'],
    ['TRUST_PROXY', '11'],
    ['TRUST_PROXY', 'true'],
    ['TRUST_PROXY', 'loopback'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.1/8'],
    ['TRUST_PROXY', '10.0.0.0/8,'],
    ['TRUST_PROXY', '10.0.0.0/8/8'],
    ['TRUST_PROXY', 'fe80::1%eth0'],
    ['TRUST_PROXY', '::1/129'],
    ['BODY_LIMIT', '1023'],
    ['BODY_LIMIT', '104857601'],
    ['BODY_LIMIT', '1mb'],
    ['BATCH_LIMIT', '0'],
    ['DOCUMENT_DEPTH', '501'],
    ['INTROSPECTION', 'no'],
    ['INTROSPECTION_TIERS', 'ADMIN,'],
    ['DOCUMENT_TOKENS', '99'],
    ['BATCH_LIMIT', '101'],
    ['CORS_ORIGINS', 'app.example'],
    ['CORS_ORIGINS', 'https://app.example/'],
    ['CORS_ORIGINS', 'https://APP.example'],
    ['CORS_ORIGINS', 'https://app.example,*'],
    ['CORS_ORIGINS', 'https://app.example,'],
    ['CORS_ORIGINS', 'null'],
    ['STORE_PREFIX', 'a:b'],
    ['STORE_PREFIX', '{a}'],
    ['STORE_TIMEOUT', '0'],
    ['ON_STORE_ERROR', 'open'],
    ['CACHE_FILE_BYTES', '1000'],
    ['CACHE_MEMORY_BYTES', '1000'],
    ['CACHE_MEMORY_BYTES', '64MiB'],
    ['CACHE_BYPASS_TIERS', ','],
    ['CACHE_BYPASS_TIERS', 'ADMIN,,STAFF'],
    ['CACHE_BYPASS_TIERS', 'off,ADMIN'],
    ['CACHE_BYPASS_TIERS', 'a b'],
    ['LOG_LEVEL', 'INFO'],
    ['LOG_LEVEL', 'verbose'],
    ['DRAIN_TIMEOUT', '301'],
    ['MAX_PIPELINED', '0'],
    ['ALLOWED_HOSTS', 'a.example:80'],
    ['ALLOWED_HOSTS', 'https://a.example'],
    ['DRAIN_TIMEOUT', 'Infinity'],
  ])('refuses %s=%s with its name, the value found and what is accepted', (name, text) => {
    const accepts = environmentTable().find((row) => row.name === name)?.accepts ?? 'missing';
    expect(refusal({ [name]: text })).toBe(
      `The configuration is not valid.\n${name} is ${JSON.stringify(text)}. It must be ${accepts}.`,
    );
  });

  it.each([
    ['JWT_SECRET', 'x'.repeat(31)],
    ['ADMIN_KEY', 'x'.repeat(31)],
    ['ADMIN_KEY', `${'x'.repeat(40)} ${'x'.repeat(40)}`],
    ['ADMIN_KEY', 'ä'.repeat(40)],
    ['DATABASE_URL', 'mysql://u:hunter2@db/sluice'],
    ['DATABASE_URL', 'postgres://u:hunter2@db:port/sluice'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'sqlite:///data/sluice.db'],
    ['DATABASE_URL', 'data/sluice.db'],
  ])('refuses %s=%s without showing the value', (name, text) => {
    const accepts = environmentTable().find((row) => row.name === name)?.accepts ?? 'missing';
    expect(refusal({ [name]: text })).toBe(
      `The configuration is not valid.\n${name} is a value of ${text.length} characters. It must be ${accepts}.`,
    );
  });

  it('says in one error everything that is wrong', () => {
    expect(refusal({ PORT: '1e3', SERVER: 'koa', JWT_SECRET: 'short' }).split('\n')).toEqual([
      'The configuration is not valid.',
      'PORT is "1e3". It must be an integer from 0 to 65535.',
      'SERVER is "koa". It must be one of yoga, apollo.',
      'JWT_SECRET is a value of 5 characters. It must be at least 32 characters.',
    ]);
  });
});

describe('the documentation of the environment', () => {
  it('has a row for every variable, in one sentence each', () => {
    const rows = environmentTable();
    expect(rows.map(({ name }) => name)).toEqual(Object.values(environment).map(({ name }) => name));
    expect(rows.map(({ description }) => description).filter((text) => !/^[A-Z].+\.$/.test(text))).toEqual(
      [],
    );
  });

  it('shows defaults that are accepted', () => {
    const defaults = Object.fromEntries(environmentTable().map((row) => [row.name, row.default]));
    expect(readEnv(defaults)).toEqual(readEnv({}));
  });
});

describe('the description of the environment in force', () => {
  it('shows what is set and the defaults of the rest', () => {
    expect(describeEnv({ PORT: '80', HOST: '', OTHER: 'x' })).toEqual({
      TRUSTED_DOCUMENTS: 'off',
      TRUSTED_DOCUMENTS_MODE: 'only',
      APQ: 'on',
      APQ_BYTES: '16777216',
      HOST: '127.0.0.1',
      PORT: '80',
      SERVER: 'yoga',
      EXECUTION: 'compiled',
      EXECUTION_TIMEOUT: '10',
      DATABASE_URL: 'sqlite:data/sluice.db',
      JWT_SECRET: '',
      ADMIN_KEY: '',
      JWT_LIFETIME: '3600',
      TRUST_PROXY: '0',
      BODY_LIMIT: '524288',
      BATCH_LIMIT: '10',
      COMPRESSION: 'on',
      DOCUMENT_TOKENS: '10000',
      DOCUMENT_FIELDS: '2500',
      DOCUMENT_ALIASES: '250',
      DOCUMENT_DEPTH: '100',
      INTROSPECTION: 'on',
      INTROSPECTION_TIERS: 'ADMIN',
      MAX_COST: '10000',
      MAX_VALUES: '50000',
      COST_EXTENSION: 'off',
      CORS_ORIGINS: '*',
      RATE_LIMIT_MODE: 'enforce',
      RATE_LIMITS: '{}',
      RATE_LIMITS_FILE: '',
      META_LIMIT: 'off',
      INVALID_REQUEST_LIMIT: '100 per minute',
      MEMORY_BUCKETS: '1000000',
      RATE_LIMIT_HEADERS: 'standard',
      RATE_LIMIT_EXTENSION: 'off',
      REJECT_STATUS: '429',
      REDIS_URL: '',
      RATE_LIMIT_STORE: '',
      RESPONSE_CACHE_STORE: '',
      RESPONSE_LIMIT: '16777216',
      STORE_PREFIX: 'sluice',
      STORE_TIMEOUT: '50',
      ON_STORE_ERROR: 'local',
      CACHE_MEMORY_BYTES: '67108864',
      CACHE_FILE_BYTES: '268435456',
      CACHE_BYPASS_TIERS: 'ADMIN',
      LOG_LEVEL: 'info',
      DRAIN_TIMEOUT: '10',
      HEADERS_TIMEOUT: '10',
      REQUEST_TIMEOUT: '30',
      KEEP_ALIVE_TIMEOUT: '5',
      WRITE_TIMEOUT: '30',
      MAX_CONNECTIONS: '2000',
      MAX_PIPELINED: '32',
      MAX_UNSENT_BYTES: '1048576',
      ALLOWED_HOSTS: '',
      GRAPHIQL: 'on',
      PAGE_LIMIT: '60 per minute',
    });
  });

  it('masks the secret of the tokens', () => {
    expect(describeEnv({ JWT_SECRET: secret })['JWT_SECRET']).toBe('***');
    expect(describeEnv({ ADMIN_KEY: secret })['ADMIN_KEY']).toBe('***');
  });

  it.each([
    ['postgres://u:hunter2@db:5432/sluice', 'postgres://u:***@db:5432/sluice'],
    ['postgres://u@db/sluice', 'postgres://u@db/sluice'],
    [
      'postgres://db/sluice?user=u&password=hunter2&password=hunter2',
      'postgres://db/sluice?user=u&password=***',
    ],
    [
      'postgres://u:hunter2@db/s?sslpassword=hunter2&password=a',
      'postgres://u:***@db/s?sslpassword=***&password=***',
    ],
  ])('masks the password in %s', (url, shown) => {
    expect(describeEnv({ DATABASE_URL: url })['DATABASE_URL']).toBe(shown);
  });

  it('refuses what cannot be read', () => {
    expect(() => describeEnv({ PORT: 'x' })).toThrow('PORT is "x"');
  });
});
