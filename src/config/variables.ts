import { databaseUrl, maskPassword } from './database-url.ts';
import {
  flag,
  type Format,
  host,
  integer,
  longText,
  names,
  oneOf,
  oneOfNumbers,
  origins,
  path,
} from './formats.ts';
import { limits, oneLimit } from './limit-notation.ts';
import { limitOverrides } from './limit-overrides.ts';
import { storeVariables } from './store-variables.ts';
import { trustProxy } from './trust-proxy.ts';

/** An environment variable, as it is documented and read. */
export interface Variable<T> {
  readonly name: string;
  readonly format: Format<T>;
  /** The text that stands for an unset variable; without it, the value is undefined. */
  readonly default?: string;
  /** One sentence, with the unit. */
  readonly description: string;
  /** What may be shown of the value. A variable that has it is a secret: no error shows its value. */
  readonly mask?: (text: string) => string;
}

/** Every environment variable there is; those of stores are in store-variables.ts. No other file names one. */
export const environment = {
  host: {
    name: 'HOST',
    format: host,
    default: '127.0.0.1',
    description: 'The address that the server listens on; 0.0.0.0 or :: for all.',
  },
  port: {
    name: 'PORT',
    format: integer(0, 65_535),
    default: '4000',
    description: 'The TCP port that the server listens on; 0 for any that is free.',
  },
  server: {
    name: 'SERVER',
    format: oneOf('yoga', 'apollo'),
    default: 'yoga',
    description: 'The GraphQL server that executes operations; event streams and uploads are with yoga only.',
  },
  execution: {
    name: 'EXECUTION',
    format: oneOf('compiled', 'graphql-js'),
    default: 'compiled',
    description: 'How operations are executed: compiled from the second time on, or as graphql-js does it.',
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    format: databaseUrl,
    default: 'sqlite:data/sluice.db',
    description: 'The database that holds users, products and API keys.',
    mask: maskPassword,
  },
  jwtSecret: {
    name: 'JWT_SECRET',
    format: longText(32),
    description:
      'The secret that tokens are signed with; unset, one is made on the first run and kept beside the SQLite file.',
    mask: () => '***',
  },
  jwtLifetime: {
    name: 'JWT_LIFETIME',
    format: integer(60, 2_592_000),
    default: '3600',
    description: 'How long a token is good for, in seconds.',
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    format: trustProxy,
    default: '0',
    description:
      "The proxies in front of the server whose X-Forwarded-For is believed to hold a client's address.",
  },
  bodyLimit: {
    name: 'BODY_LIMIT',
    format: integer(1024, 104_857_600),
    default: '1048576',
    description: 'The largest request body, in bytes.',
  },
  batchLimit: {
    name: 'BATCH_LIMIT',
    format: integer(1, 100),
    default: '10',
    description: 'How many operations one HTTP request may hold.',
  },
  corsOrigins: {
    name: 'CORS_ORIGINS',
    format: origins,
    default: '*',
    description: 'The origins whose pages may read answers.',
  },
  ...storeVariables,
  rateLimitMode: {
    name: 'RATE_LIMIT_MODE',
    format: oneOf('enforce', 'report', 'off'),
    default: 'enforce',
    description: 'Whether limits deny, are only counted and reported in the log, or are off.',
  },
  rateLimits: {
    name: 'RATE_LIMITS',
    format: limitOverrides,
    default: '{}',
    description: 'What takes the place of limits, by their names.',
  },
  rateLimitsFile: {
    name: 'RATE_LIMITS_FILE',
    format: path,
    description:
      'A file with the same as RATE_LIMITS, which counts for more; it is read again when it changes.',
  },
  metaLimit: {
    name: 'META_LIMIT',
    format: oneLimit,
    default: 'off',
    description: 'How many denials a caller may have before everything is denied.',
  },
  invalidRequestLimit: {
    name: 'INVALID_REQUEST_LIMIT',
    format: limits,
    default: '100 per minute',
    description: 'How many requests that never become an operation an address may send.',
  },
  memoryBuckets: {
    name: 'MEMORY_BUCKETS',
    format: integer(1, 16_000_000),
    default: '1000000',
    description: 'How many buckets are kept in memory; the least used go first.',
  },
  rateLimitHeaders: {
    name: 'RATE_LIMIT_HEADERS',
    format: oneOf('standard', 'legacy', 'both', 'none'),
    default: 'standard',
    description:
      'Which header fields tell of limits: RateLimit and RateLimit-Policy, X-RateLimit-*, both or none.',
  },
  rateLimitExtension: {
    name: 'RATE_LIMIT_EXTENSION',
    format: flag,
    default: 'off',
    description: 'Whether extensions.rateLimit tells of the limits of an answer.',
  },
  rejectStatus: {
    name: 'REJECT_STATUS',
    format: oneOfNumbers(429, 200),
    default: '429',
    description:
      'The HTTP status of an operation that limits reject, for clients that accept application/json.',
  },
  cacheMemoryBytes: {
    name: 'CACHE_MEMORY_BYTES',
    format: integer(65_536, 17_179_869_184),
    default: '67108864',
    description: 'How much memory kept answers may take, in bytes; one may take a sixteenth of it.',
  },
  cacheFileBytes: {
    name: 'CACHE_FILE_BYTES',
    format: integer(1_048_576, 1_099_511_627_776),
    default: '268435456',
    description: 'How much of a SQLite file kept answers may take, in bytes.',
  },
  cacheBypassTiers: {
    name: 'CACHE_BYPASS_TIERS',
    format: names,
    default: 'ADMIN',
    description: 'The tiers whose callers get fresh answers by Cache-Control: no-cache or no-store.',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    format: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    description: 'The least severe messages that are logged.',
  },
  drainTimeout: {
    name: 'DRAIN_TIMEOUT',
    format: integer(0, 300),
    default: '10',
    description: 'How long requests in flight may take to finish on shutdown, in seconds.',
  },
} satisfies Record<string, Variable<unknown>>;
