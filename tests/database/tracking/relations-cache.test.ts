import type { DatabaseConnection } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { relationsOf } from '../../../src/database/tracking/relations.ts';
import { type LoadRelations, RelationsCache } from '../../../src/database/tracking/relations-cache.ts';

const connection = {} as DatabaseConnection;
const relations = relationsOf([{ kind: 'table', name: 'a', other: null }]);

it('asks once, and again after the relations have been forgotten', async () => {
  const load = vi.fn<LoadRelations>().mockResolvedValue(relations);
  const cache = new RelationsCache(load);
  expect(await cache.get(connection)).toBe(relations);
  await cache.get(connection);
  expect(load).toHaveBeenCalledTimes(1);
  cache.forget();
  await cache.get(connection);
  expect(load).toHaveBeenCalledTimes(2);
});

it('knows nothing when asking fails, and asks again the next time', async () => {
  const load = vi.fn<LoadRelations>().mockRejectedValueOnce(new Error('lost')).mockResolvedValue(relations);
  const cache = new RelationsCache(load);
  expect(await cache.get(connection)).toBeUndefined();
  expect(await cache.get(connection)).toBe(relations);
});

it('knows nothing while any of several changes goes on', async () => {
  const cache = new RelationsCache(() => Promise.resolve(relations));
  const ends = [cache.startChange(), cache.startChange()];
  for (const end of ends) {
    expect(await cache.get(connection)).toBeUndefined();
    end();
  }
  expect(await cache.get(connection)).toBe(relations);
});

it('does not trust an answer that was under way when the relations changed', async () => {
  const { promise, resolve } = Promise.withResolvers<typeof relations>();
  const cache = new RelationsCache(() => promise);
  const asked = cache.get(connection);
  cache.startChange()();
  resolve(relations);
  expect(await asked).toBeUndefined();
  expect(cache.known).toBeUndefined();
});

describe('relations that others may change', () => {
  const newer = relationsOf([{ kind: 'table', name: 'b', other: null }]);

  /** A cache that has asked once, of relations that are good for 30 seconds. */
  async function openCache() {
    let now = 1000;
    const load = vi.fn<LoadRelations>().mockResolvedValueOnce(relations);
    const cache = new RelationsCache(load, { maxAgeMs: 30_000, now: () => now });
    await cache.get(connection);
    const wait = (ms: number) => {
      now += ms;
    };
    return { cache, load, wait };
  }

  it('are asked for again after 30 seconds, each time', async () => {
    const { cache, load, wait } = await openCache();
    load.mockResolvedValue(newer);
    wait(30_000);
    expect(await cache.get(connection)).toBe(relations);
    wait(1);
    expect(await cache.get(connection)).toBe(newer);
    wait(30_000);
    await cache.get(connection);
    expect(load).toHaveBeenCalledTimes(2);
    wait(1);
    await cache.get(connection);
    expect(load).toHaveBeenCalledTimes(3);
  });

  it('do not make doubtful by that what queries under way have been told', async () => {
    const { cache, load, wait } = await openCache();
    const { version } = cache;
    load.mockResolvedValue(newer);
    wait(30_001);
    await cache.get(connection);
    expect(cache.version).toBe(version);
  });

  it('are asked for by one query, and others do not wait for that', async () => {
    const { cache, load, wait } = await openCache();
    const { promise, resolve } = Promise.withResolvers<typeof relations>();
    load.mockReturnValue(promise);
    wait(30_001);
    const asked = cache.get(connection);
    expect(await cache.get(connection)).toBe(relations);
    resolve(newer);
    expect(await asked).toBe(newer);
    expect(await cache.get(connection)).toBe(newer);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('are asked for by the next query when asking again fails', async () => {
    const { cache, load, wait } = await openCache();
    load.mockRejectedValueOnce(new Error('lost')).mockResolvedValueOnce(newer);
    wait(30_001);
    expect(await cache.get(connection)).toBeUndefined();
    expect(await cache.get(connection)).toBe(newer);
  });
});
