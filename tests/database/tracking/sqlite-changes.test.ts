import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrate } from '../../../src/database/migrate.ts';
import { insertProduct, listProducts } from '../../../src/shop/queries/products.ts';
import { allMigrations, openTestDatabase } from '../../support/database.ts';
import { inProcesses } from '../../support/databases/race.ts';
import { temporaryDatabase } from '../../support/program.ts';
import { recorder } from '../recorder.ts';

const butter = { name: 'Amul Butter', price_cents: 5000 };

describe('a SQLite file that others change', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is noticed when another connection has written to it, within a quarter of a second', async () => {
    const url = temporaryDatabase();
    const listener = recorder();
    await using db = openTestDatabase(url, listener);
    await using other = openTestDatabase(url);
    await migrate(other, allMigrations);
    vi.advanceTimersByTime(250);
    await listProducts(db, { first: 1 });
    vi.advanceTimersByTime(250);
    listener.clear();

    await insertProduct(other, butter);
    expect(listener.writes).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(listener.writes).toEqual(['unknown']);
    vi.advanceTimersByTime(1000);
    expect(listener.writes).toEqual(['unknown']);
  });

  it('is looked through anew when others have changed its tables', async () => {
    const url = temporaryDatabase();
    const listener = recorder();
    await using db = openTestDatabase(url, listener);
    await listProducts(db, { first: 1 }).catch(() => undefined);
    expect(listener.reads).toEqual(['unknown']);
    await using other = openTestDatabase(url);
    await migrate(other, allMigrations);
    vi.advanceTimersByTime(250);
    await listProducts(db, { first: 1 });
    expect(listener.reads).toEqual(['unknown', ['products']]);
  });

  it('is not taken for changed by what is written here', async () => {
    const listener = recorder();
    await using db = openTestDatabase(temporaryDatabase(), listener);
    await migrate(db, allMigrations);
    listener.clear();
    await insertProduct(db, butter);
    vi.advanceTimersByTime(1000);
    expect(listener.writes).toEqual([['products']]);
  });

  it('is not looked at any more once the database has been closed', async () => {
    const db = openTestDatabase(temporaryDatabase(), recorder());
    await migrate(db, allMigrations);
    expect(vi.getTimerCount()).toBe(1);
    await db.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not looked at without a listener, and neither is memory', async () => {
    await using unheard = openTestDatabase(temporaryDatabase());
    await using memory = openTestDatabase('sqlite::memory:', recorder());
    await migrate(unheard, allMigrations);
    await migrate(memory, allMigrations);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('notices another process that writes to its SQLite file within a second', async () => {
  const url = temporaryDatabase();
  const listener = recorder();
  await using db = openTestDatabase(url, listener);
  await migrate(db, allMigrations);
  listener.clear();
  await inProcesses('start for the first time', 1, url);
  await vi.waitFor(() => {
    expect(listener.writes).toContain('unknown');
  }, 1000);
});
