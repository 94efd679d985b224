import { databaseUrl, maskPassword } from './database-url.ts';
import { type Format, integer, longText, longWord, names, oneOf } from './formats.ts';
import { limitVariables } from './limit-variables.ts';
import { operationVariables } from './operation-variables.ts';
import { serverVariables } from './server-variables.ts';
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

/** Every environment variable there is. No file but these names one. */
export const environment = {
  ...serverVariables,
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
  adminKey: {
    name: 'ADMIN_KEY',
    format: longWord(32),
    description:
      'The API key of the tier ADMIN that a new database begins with; unset, one is made, for the terminal or a file.',
    mask: () => '***',
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    format: trustProxy,
    default: '0',
    description:
      "The proxies in front of the server whose X-Forwarded-For is believed to hold a client's address.",
  },
  ...operationVariables,
  ...storeVariables,
  ...limitVariables,
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
} satisfies Record<string, Variable<unknown>>;
