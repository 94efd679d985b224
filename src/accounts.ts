import { dirname, join } from 'node:path';
import { createApiKey, hashApiKey } from './caller/api-key.ts';
import { createClientAddress } from './caller/client-address.ts';
import { addressOf, createIdentify, type CallerRequest, type Identify } from './caller/identify.ts';
import { keptSecret, newSecret } from './caller/jwt-secret.ts';
import { createTokens, type Tokens } from './caller/token.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';
import { findApiKey } from './data/api-keys.ts';
import { openDatabase, type Database } from './data/database.ts';
import type { TableListener } from './data/table-listener.ts';
import { prepareFirstRun } from './data/first-run.ts';
import { migrate } from './data/migrate.ts';
import { sampleTables, serverTables } from './data/migrations/index.ts';

/** The database, brought up to date, and who it knows. */
export interface Accounts {
  readonly db: Database;
  readonly tokens: Tokens;
  /** The address that a request is counted by. */
  readonly addressOf: (request: CallerRequest) => string;
  readonly identify: Identify;
  /** The key of the tier ADMIN that was made because the database was new. It is not kept anywhere. */
  readonly adminKey: string | undefined;
}

export interface AccountsOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** Whether the database also holds what the sample API keeps. */
  readonly withSample: boolean;
  /** Is told what queries do with tables. */
  readonly listener?: TableListener;
}

export async function openAccounts({
  config,
  clock,
  withSample,
  listener,
}: AccountsOptions): Promise<Accounts> {
  const db = openDatabase(config.database.url, listener);
  try {
    await migrate(db, withSample ? [serverTables, sampleTables] : [serverTables]);
    const tokens = createTokens({ secret: tokenSecret(config), lifetime: config.auth.jwtLifetime, clock });
    const clientAddress = createClientAddress(config.caller.trustProxy);
    const identify = createIdentify({
      clientAddress,
      findApiKey: (hash) => findApiKey(db, hash),
      verifyToken: (token) => tokens.verify(token),
    });
    // Comes last: after it nothing can fail that would keep the key from being shown.
    const adminKey = createApiKey();
    const firstRun = { adminKeyHash: hashApiKey(adminKey), now: new Date(clock.now()), withSample };
    const isFirstRun = await prepareFirstRun(db, firstRun);
    return {
      db,
      tokens,
      addressOf: (request) => addressOf(clientAddress, request),
      identify,
      adminKey: isFirstRun ? adminKey : undefined,
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** The configured secret, or one of our own that lies beside the SQLite file, or one for as long as memory lasts. */
function tokenSecret({ auth, database }: Config): string {
  if (auth.jwtSecret !== undefined) return auth.jwtSecret;
  const path = database.url.slice('sqlite:'.length);
  return path === ':memory:' ? newSecret() : keptSecret(join(dirname(path), 'jwt-secret'));
}
