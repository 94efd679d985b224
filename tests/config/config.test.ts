import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';

const secret = 'correct-horse-battery-staple-1234';

describe('the configuration', () => {
  it('is complete without any variable', () => {
    expect(loadConfig()).toEqual({
      server: {
        kind: 'yoga',
        host: '127.0.0.1',
        port: 4000,
        bodyLimit: 524_288,
        corsOrigins: '*',
        compression: true,
        drainTimeout: 10,
      },
      operations: {
        execution: 'compiled',
        batchLimit: 10,
        executionTimeout: 10,
        responseLimit: 16_777_216,
        document: { tokens: 10_000, fields: 2500, aliases: 250, depth: 100 },
        introspection: { isOpen: true, tiers: ['ADMIN'] },
        cost: { maxCost: 10_000, maxValues: 50_000 },
        tellsCost: false,
        trustedDocuments: undefined,
        apq: true,
        apqBytes: 16_777_216,
      },
      database: { url: 'sqlite:data/sluice.db' },
      caller: { trustProxy: { hops: 0 } },
      auth: { jwtSecret: undefined, jwtLifetime: 3600, adminKey: undefined },
      limits: {
        mode: 'enforce',
        overrides: new Map(),
        overridesFile: undefined,
        meta: null,
        invalidRequests: [{ limit: 100, duration: 60 }],
        memoryBuckets: 1_000_000,
        headers: 'standard',
        withExtension: false,
        rejectStatus: 429,
      },
      stores: {
        buckets: { kind: 'memory' },
        answers: { kind: 'memory' },
        prefix: 'sluice',
        timeoutMs: 50,
        onError: 'local',
      },
      cache: { memoryBytes: 67_108_864, fileBytes: 268_435_456, bypassTiers: ['ADMIN'] },
      log: { level: 'info' },
    });
  });

  it('puts each variable where it belongs', () => {
    const config = loadConfig({
      HOST: '0.0.0.0',
      PORT: '80',
      SERVER: 'apollo',
      EXECUTION: 'graphql-js',
      EXECUTION_TIMEOUT: 'off',
      RESPONSE_LIMIT: '2048',
      DATABASE_URL: 'postgres://db/sluice',
      JWT_SECRET: secret,
      ADMIN_KEY: `slk_${secret}`,
      JWT_LIFETIME: '60',
      TRUST_PROXY: '10.0.0.0/8',
      BODY_LIMIT: '2048',
      BATCH_LIMIT: '1',
      DOCUMENT_TOKENS: '1000',
      DOCUMENT_FIELDS: '100',
      DOCUMENT_ALIASES: '50',
      DOCUMENT_DEPTH: '20',
      INTROSPECTION: 'off',
      INTROSPECTION_TIERS: 'STAFF',
      MAX_COST: '500',
      MAX_VALUES: '1000',
      COST_EXTENSION: 'on',
      TRUSTED_DOCUMENTS: '/etc/documents.json',
      TRUSTED_DOCUMENTS_MODE: 'prefer',
      APQ: 'off',
      APQ_BYTES: '100000',
      CORS_ORIGINS: 'https://app.example',
      COMPRESSION: 'off',
      RATE_LIMIT_MODE: 'report',
      RATE_LIMITS: '{"products":"7 per hour","users":null}',
      RATE_LIMITS_FILE: '/etc/limits.json',
      META_LIMIT: '20 per hour',
      INVALID_REQUEST_LIMIT: '5/second; 50/minute',
      MEMORY_BUCKETS: '1000',
      RATE_LIMIT_HEADERS: 'both',
      RATE_LIMIT_EXTENSION: 'on',
      REJECT_STATUS: '200',
      RATE_LIMIT_STORE: 'sqlite:limits.db',
      RESPONSE_CACHE_STORE: 'none',
      STORE_PREFIX: 'shop',
      STORE_TIMEOUT: '100',
      ON_STORE_ERROR: 'deny',
      CACHE_MEMORY_BYTES: '1000000',
      CACHE_FILE_BYTES: '2000000',
      CACHE_BYPASS_TIERS: 'STAFF',
      LOG_LEVEL: 'debug',
      DRAIN_TIMEOUT: '30',
    });
    expect(config).toEqual({
      server: {
        kind: 'apollo',
        host: '0.0.0.0',
        port: 80,
        bodyLimit: 2048,
        corsOrigins: ['https://app.example'],
        compression: false,
        drainTimeout: 30,
      },
      operations: {
        execution: 'graphql-js',
        batchLimit: 1,
        executionTimeout: undefined,
        responseLimit: 2048,
        document: { tokens: 1000, fields: 100, aliases: 50, depth: 20 },
        introspection: { isOpen: false, tiers: ['STAFF'] },
        cost: { maxCost: 500, maxValues: 1000 },
        tellsCost: true,
        trustedDocuments: { path: '/etc/documents.json', mode: 'prefer' },
        apq: false,
        apqBytes: 100_000,
      },
      database: { url: 'postgres://db/sluice' },
      caller: { trustProxy: { ranges: ['10.0.0.0/8'] } },
      auth: { jwtSecret: secret, jwtLifetime: 60, adminKey: `slk_${secret}` },
      limits: {
        mode: 'report',
        overrides: new Map([
          ['products', [{ limit: 7, duration: 3600 }]],
          ['users', null],
        ]),
        overridesFile: '/etc/limits.json',
        meta: { limit: 20, duration: 3600 },
        invalidRequests: [
          { limit: 5, duration: 1 },
          { limit: 50, duration: 60 },
        ],
        memoryBuckets: 1000,
        headers: 'both',
        withExtension: true,
        rejectStatus: 200,
      },
      stores: {
        buckets: { kind: 'sqlite', path: 'limits.db' },
        answers: { kind: 'none' },
        prefix: 'shop',
        timeoutMs: 100,
        onError: 'deny',
      },
      cache: { memoryBytes: 1_000_000, fileBytes: 2_000_000, bypassTiers: ['STAFF'] },
      log: { level: 'debug' },
    });
  });

  it('refuses a wrong variable', () => {
    expect(() => loadConfig({ PORT: '12abc' })).toThrow(
      'PORT is "12abc". It must be an integer from 0 to 65535.',
    );
  });

  it.each(['postgres://u:hunter2@db/sluice', 'postgresql://u:hunter2@db/sluice'])(
    'wants a common secret for the processes that share %s, and does not show its password',
    (url) => {
      const load = () => loadConfig({ DATABASE_URL: url });
      expect(load).toThrow(/^JWT_SECRET is not set.*DATABASE_URL.*Set JWT_SECRET/);
      expect(load).not.toThrow(/hunter2/);
    },
  );
});
