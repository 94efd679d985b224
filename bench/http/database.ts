import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { products, users } from './data.ts';

const main = join(import.meta.dirname, '../../dist/main.js');

/** Makes the SQLite file that every server is given a copy of, with the tables of Sluice's sample API. */
export function makeDatabase(path: string): void {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, DATABASE_URL: `sqlite:${path}` };
  execFileSync(process.execPath, [main, 'migrate', '--shop'], { env });
  // Where there is this key, the first start adds no data of its own.
  execFileSync(process.execPath, [main, 'keys', 'create', 'admin', '--tier', 'ADMIN'], { env });
  const database = new Sqlite(path);
  const addUser = database.prepare(
    "insert into users (name, email, email_key, password_hash) values (?, ?, ?, '')",
  );
  for (const { name, email } of users) addUser.run(name, email, email);
  const addProduct = database.prepare('insert into products (name, name_key, price_cents) values (?, ?, ?)');
  for (const { name, price } of products) addProduct.run(name, name.toLowerCase(), Math.round(price * 100));
  database.pragma('wal_checkpoint(TRUNCATE)');
  database.close();
}

let copies = 0;

/** A copy of the file, beside it. */
export function copyDatabase(path: string): string {
  const copy = `${path}.${copies++}`;
  copyFileSync(path, copy);
  return copy;
}
