import { expect, it } from 'vitest';
import { findApiKey, insertApiKey, listApiKeys, revokeApiKey } from '../../src/database/api-keys.ts';
import { describeDatabases } from '../support/databases/describe-databases.ts';

const createdAt = new Date('2025-01-02T03:04:05.678Z');
const later = new Date('2025-02-03T04:05:06.789Z');
const partner = { name: 'partner', keyHash: 'aa11', tiers: ['PAID', 'ADMIN'], createdAt };
const stored = { id: 1, name: 'partner', tiers: ['PAID', 'ADMIN'], createdAt, revokedAt: undefined };

describeDatabases(({ open }) => {
  it('finds a key by its hash, and never tells the hash', async () => {
    const db = await open();
    expect(await insertApiKey(db, partner)).toStrictEqual(stored);
    expect(await findApiKey(db, 'aa11')).toStrictEqual(stored);
    expect(await listApiKeys(db)).toStrictEqual([stored]);
  });

  it('finds no key by an unknown hash', async () => {
    const db = await open();
    await insertApiKey(db, partner);
    expect(await findApiKey(db, 'bb22')).toBeUndefined();
  });

  it('adds no second key of a name, nor the same key under another', async () => {
    const db = await open();
    await insertApiKey(db, partner);
    expect(await insertApiKey(db, { ...partner, keyHash: 'bb22' })).toBeUndefined();
    expect(await insertApiKey(db, { ...partner, name: 'other' })).toBeUndefined();
    expect(await listApiKeys(db)).toStrictEqual([stored]);
  });

  it('finds a revoked key no more, but lists it and keeps its name', async () => {
    const db = await open();
    await insertApiKey(db, partner);
    expect(await revokeApiKey(db, 'partner', later)).toBe(true);
    expect(await findApiKey(db, 'aa11')).toBeUndefined();
    expect(await listApiKeys(db)).toStrictEqual([{ ...stored, revokedAt: later }]);
    expect(await insertApiKey(db, { ...partner, keyHash: 'bb22' })).toBeUndefined();
  });

  it('revokes a key once, and no unknown one', async () => {
    const db = await open();
    await insertApiKey(db, partner);
    await insertApiKey(db, { name: 'other', keyHash: 'bb22', tiers: [], createdAt });
    await revokeApiKey(db, 'partner', createdAt);
    expect(await revokeApiKey(db, 'partner', later)).toBe(false);
    expect(await revokeApiKey(db, 'nobody', later)).toBe(false);
    expect((await listApiKeys(db)).map((key) => key.revokedAt)).toEqual([createdAt, undefined]);
  });
});
