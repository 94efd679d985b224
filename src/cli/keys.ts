import type { Command } from 'commander';
import { createApiKey, hashApiKey } from '../caller/api-key.ts';
import type { Config } from '../config/config.ts';
import { insertApiKey, listApiKeys, revokeApiKey } from '../database/api-keys.ts';
import type { Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { serverMigrations } from '../database/server-migrations.ts';
import { withDatabase } from './with-database.ts';

/** `keys create | list | revoke` */
export function addKeyCommands(program: Command, loadConfig: () => Config): void {
  const keys = program.command('keys').description('manage API keys');
  keys
    .command('create <name>')
    .description('make a key and print it, this once')
    .option('-t, --tier <tiers...>', 'the tiers that its callers carry, such as ADMIN', [])
    .action((name: string, { tier }: { tier: string[] }) => createKey(loadConfig(), name, tier));
  keys
    .command('list')
    .description('print all keys, by name')
    .action(() => listKeys(loadConfig()));
  keys
    .command('revoke <name>')
    .description('make a key useless from now on')
    .action((name: string) => revokeKey(loadConfig(), name));
}

/** Opens the database with the server's own tables, which is all that keys need. */
function withKeys<T>(config: Config, work: (db: Database) => Promise<T>): Promise<T> {
  return withDatabase(config, async (db) => {
    await migrate(db, [serverMigrations]);
    return work(db);
  });
}

async function createKey(config: Config, name: string, tiers: readonly string[]): Promise<void> {
  const key = createApiKey();
  const row = { name, keyHash: hashApiKey(key), tiers, createdAt: new Date() };
  const created = await withKeys(config, (db) => insertApiKey(db, row));
  if (created === undefined) throw new Error(`There is a key named "${name}" already. Choose another name.`);
  console.log(key);
}

async function listKeys(config: Config): Promise<void> {
  const keys = await withKeys(config, listApiKeys);
  for (const { name, tiers, createdAt, revokedAt } of keys) {
    const state = revokedAt === undefined ? 'good' : `revoked ${revokedAt.toISOString()}`;
    console.log([name, tiers.join(',') || '-', createdAt.toISOString(), state].join('\t'));
  }
}

async function revokeKey(config: Config, name: string): Promise<void> {
  const revoked = await withKeys(config, (db) => revokeApiKey(db, name, new Date()));
  if (!revoked) throw new Error(`There is no good key named "${name}". "sluice keys list" prints all.`);
  console.log(`Revoked "${name}".`);
}
