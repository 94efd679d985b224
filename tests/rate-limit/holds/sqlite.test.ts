import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openSqliteStore, type SqliteStore } from '../../../src/rate-limit/stores/sqlite/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createLog } from '../../support/log.ts';
import { describeHolds } from './holds.contract.ts';

describe('holds of two processes in a SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-holds-'));
  const stores: SqliteStore[] = [];

  beforeAll(() => {
    const clock = new FakeClock();
    for (let process = 0; process < 2; process += 1) {
      const path = join(folder, 'limits.db');
      stores.push(openSqliteStore({ path, clock, timeoutMs: 10_000, log: createLog().log }));
    }
  });

  afterAll(() => {
    for (const store of stores) store.close();
    rmSync(folder, { recursive: true });
  });

  describeHolds(() => stores, { runs: 10 });
});
