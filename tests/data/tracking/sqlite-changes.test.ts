import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../../src/data/database.ts';
import { migrate } from '../../../src/data/migrate.ts';
import { insertProduct, listProducts } from '../../../src/data/products.ts';
import { inProcesses } from '../race.ts';
import { temporaryDatabase } from '../../support/program.ts';
import { recorder } from './recorder.ts';

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
    await using db = openDatabase(url, listener);
    await using other = openDatabase(url);
    await migrate(other);
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
    await using db = openDatabase(url, listener);
    await listProducts(db, { first: 1 }).catch(() => undefined);
    expect(listener.reads).toEqual(['unknown']);
    await using other = openDatabase(url);
    await migrate(other);
    vi.advanceTimersByTime(250);
    await listProducts(db, { first: 1 });
    expect(listener.reads).toEqual(['unknown', ['products']]);
  });

  it('is not taken for changed by what is written here', async () => {
    const listener = recorder();
    await using db = openDatabase(temporaryDatabase(), listener);
    await migrate(db);
    listener.clear();
    await insertProduct(db, butter);
    vi.advanceTimersByTime(1000);
    expect(listener.writes).toEqual([['products']]);
  });

  it('is not looked at any more once the database has been closed', async () => {
    const db = openDatabase(temporaryDatabase(), recorder());
    await migrate(db);
    expect(vi.getTimerCount()).toBe(1);
    await db.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not looked at without a listener, and neither is memory', async () => {
    await using unheard = openDatabase(temporaryDatabase());
    await using memory = openDatabase('sqlite::memory:', recorder());
    await migrate(unheard);
    await migrate(memory);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('notices another process that writes to its SQLite file within a second', async () => {
  const url = temporaryDatabase();
  const listener = recorder();
  await using db = openDatabase(url, listener);
  await migrate(db);
  listener.clear();
  await inProcesses('start for the first time', 1, url);
  await vi.waitFor(() => {
    expect(listener.writes).toContain('unknown');
  }, 1000);
});
