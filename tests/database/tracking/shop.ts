import type { Generated, Kysely } from 'kysely';
import type { AllTables, TestDatabase } from '../../support/database.ts';
import type { TestDatabases } from '../../support/databases/describe-databases.ts';
import { type Recorder, recorder } from '../recorder.ts';

/** Tables that are made by the tests that need them. */
export interface Shop extends AllTables {
  shops: { id: Generated<number>; name: string };
  orders: { id: number; shop_id: number | null };
  order_lines: { id: number; order_id: number | null };
  shop_view: { id: number; name: string };
  stock: { day: number; amount: number };
  stock_1: { day: number; amount: number };
}

/** A database with the sample's tables, of which a recorder has been told nothing yet. */
export async function openShop(open: TestDatabases['open']): Promise<{ db: Kysely<Shop>; told: Recorder }> {
  const told = recorder();
  const db: TestDatabase = await open({ listener: told });
  told.clear();
  return { db: db as unknown as Kysely<Shop>, told };
}

export const butter = { name: 'Amul Butter', name_key: 'amul butter', price_cents: 5000 };
export const ada = { name: 'Ada', email: 'ada@example.com', email_key: 'ada@example.com', password_hash: '' };
