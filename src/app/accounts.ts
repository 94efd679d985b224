import { dirname, join } from 'node:path';
import { createApiKey, hashApiKey } from '../caller/api-key.ts';
import { createClientAddress } from '../caller/client-address.ts';
import { addressOf, type CallerRequest } from '../caller/client-address.ts';
import { createIdentify, type Identify } from '../caller/identify.ts';
import { keptSecret, newSecret } from '../caller/jwt-secret.ts';
import { createTokens, type Tokens } from '../caller/token.ts';
import type { Config } from '../config/config.ts';
import { findApiKey } from '../database/api-keys.ts';
import { type Database, openDatabase, withServerTables } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { serverMigrations } from '../database/server-migrations.ts';
import type { TableListener } from '../database/table-listener.ts';
import type { Clock } from '../util/clock.ts';
import { mapMaybePromise } from '../util/promises.ts';
import type { Application } from './application.ts';
import { prepareFirstRun } from './first-run.ts';
import { KnownUsers } from './known-users.ts';

/** The database, brought up to date, and who it knows. */
export interface Accounts<Tables> {
  readonly db: Database<Tables>;
  readonly tokens: Tokens;
  /** The address that a request is counted by. */
  readonly addressOf: (request: CallerRequest) => string;
  readonly identify: Identify;
  /** The key of the tier ADMIN that was made because the database was new. It is not kept anywhere. */
  readonly adminKey: string | undefined;
  /** Whether a key is configured that the database, which was there already, does not know. */
  readonly isConfiguredKeyUnknown: boolean;
}

export interface AccountsOptions<Tables> {
  readonly config: Config;
  readonly clock: Clock;
  /** What the application keeps in the database. */
  readonly application: Pick<Application<Tables>, 'migrations' | 'seed' | 'hasUser'>;
  /** Is told what queries do with tables. */
  readonly listener?: TableListener;
}

export async function openAccounts<Tables>({
  config,
  clock,
  application: { migrations, seed, hasUser },
  listener,
}: AccountsOptions<Tables>): Promise<Accounts<Tables>> {
  const users: KnownUsers | undefined =
    hasUser && new KnownUsers({ hasUser: (userId) => hasUser(db, userId), clock });
  const db: Database<Tables> = openDatabase<Tables>(
    config.database.url,
    listener && (users?.hearing(listener) ?? listener),
  );
  try {
    await migrate(db, [serverMigrations, ...(migrations === undefined ? [] : [migrations])]);
    const keys = withServerTables(db);
    const tokens = createTokens({ secret: tokenSecret(config), lifetime: config.auth.jwtLifetime, clock });
    const clientAddress = createClientAddress(config.caller.trustProxy);
    const identify = createIdentify({
      clientAddress,
      findApiKey: (hash) => findApiKey(keys, hash),
      verifyToken: (token) =>
        mapMaybePromise(tokens.verify(token), (userId) =>
          mapMaybePromise(users?.assert(userId), () => userId),
        ),
    });
    const { adminKey: configured } = config.auth;
    const adminKey = configured ?? createApiKey();
    const adminKeyHash = hashApiKey(adminKey);
    const isKnown = configured === undefined || (await findApiKey(keys, adminKeyHash)) !== undefined;
    // Comes last: after it nothing can fail that would keep the key from being shown.
    const isFirstRun = await prepareFirstRun(db, { adminKeyHash, now: new Date(clock.now()), seed });
    return {
      db,
      tokens,
      addressOf: (request) => addressOf(clientAddress, request),
      identify,
      adminKey: isFirstRun && configured === undefined ? adminKey : undefined,
      isConfiguredKeyUnknown: !isFirstRun && !isKnown,
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
