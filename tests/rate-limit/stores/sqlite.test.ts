import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPromise } from '@whatwg-node/promise-helpers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { StoreUnavailable } from '../../../src/connections/breaker.ts';
import { openSqliteFile, type SqliteFile } from '../../../src/connections/sqlite-file.ts';
import type { StrategyName } from '../../../src/rate-limit/policy.ts';
import { createSqliteStore, openSqliteStore } from '../../../src/rate-limit/stores/sqlite/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createLog } from '../../support/log.ts';
import { describeStore } from '../store.contract.ts';
import type { Crowd, Outcome } from './charge-in-process.ts';
import { bucket, operation, take } from './operations.ts';

const strategies: readonly StrategyName[] = ['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'];

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-buckets-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return join(folder, 'buckets.db');
}

function openFile(path: string, busyTimeoutMs = 1000): SqliteFile {
  const file = openSqliteFile(path, busyTimeoutMs);
  onTestFinished(() => {
    if (file.open) file.close();
  });
  return file;
}

/** A store on a file of its own, and another connection to the file. */
function createTest() {
  const path = temporaryFile();
  const clock = new FakeClock();
  const { log, lines } = createLog();
  const file = openFile(path);
  const store = createSqliteStore(file, { clock, log });
  onTestFinished(() => {
    store.close();
  });
  const other = openFile(path);
  const rows = (): unknown[] =>
    other.prepare(`select key from rate_limit_buckets order by key`).pluck().all();
  return { path, clock, log, lines, file, store, other, rows };
}

async function startProcess(path: string): Promise<ChildProcess> {
  const child = fork(new URL('charge-in-process.ts', import.meta.url), [path], { execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  return child;
}

async function chargeIn(child: ChildProcess, crowd: Crowd): Promise<Outcome> {
  const answer = once(child, 'message');
  child.send(crowd);
  const [outcome] = (await answer) as [Outcome];
  return outcome;
}

describe('the SQLite store', () => {
  describeStore((clock) => {
    const store = openSqliteStore({ path: ':memory:', clock, log: createLog().log });
    onTestFinished(() => {
      store.close();
    });
    return store;
  });

  it('makes nobody wait who is alone, while the file is not locked', async () => {
    const { store, clock } = createTest();
    expect(isPromise(store.charge(operation([[bucket()]])))).toBe(false);
    await new Promise(setImmediate);
    expect(isPromise(store.giveBack([{ bucket: bucket(), cost: 1 }], clock.now()))).toBe(false);
    expect(isPromise(store.levels([bucket()]))).toBe(false);
  });

  it('keeps buckets when it is closed, and opened again', async () => {
    const { path, clock, log, store } = createTest();
    for (const strategy of strategies) {
      await store.charge(operation([[bucket({ key: strategy, strategy, limit: 9 })]]));
    }
    store.close();
    const again = openSqliteStore({ path, clock, log });
    onTestFinished(() => {
      again.close();
    });
    const buckets = strategies.map((strategy) => bucket({ key: strategy, strategy, limit: 9 }));
    expect((await again.levels(buckets)).map(({ remaining }) => remaining)).toEqual([8, 8, 8, 8]);
  });

  it('deletes empty buckets at once, and expired ones as others are written', async () => {
    const { store, clock, rows } = createTest();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await store.charge(operation([[bucket({ key })]]));
    await store.giveBack([{ bucket: bucket({ key: 'e' }), cost: 1 }], clock.now());
    expect(rows()).toEqual(['a', 'b', 'c', 'd']);
    clock.advance(60);
    for (const key of ['f', 'g']) await store.charge(operation([[bucket({ key })]]));
    expect(rows()).toEqual(['f', 'g']);
  });

  it('writes nothing for what it denies', async () => {
    const { store, other } = createTest();
    await store.charge(operation([[take(bucket(), 2)]]));
    const version = (): unknown => other.pragma('data_version', { simple: true });
    const before = version();
    const { denied } = await store.charge(operation([[bucket()]]));
    expect(denied).not.toEqual([undefined]);
    expect(version()).toBe(before);
    await store.charge(operation([[bucket({ key: 'another' })]]));
    expect(version()).not.toBe(before);
  });

  it('admits 100 of 1000 charges that come at once from 4 processes, by every strategy', async () => {
    const path = temporaryFile();
    const processes = await Promise.all([1, 2, 3, 4].map(() => startProcess(path)));
    for (const strategy of strategies) {
      const crowd = { strategy, charges: 250 };
      const outcomes = await Promise.all(processes.map((child) => chargeIn(child, crowd)));
      expect(outcomes.map(({ failed }) => failed)).toEqual([0, 0, 0, 0]);
      expect(outcomes.reduce((sum, { admitted }) => sum + admitted, 0)).toBe(100);
    }
  });

  describe('while another process has the lock', () => {
    it('waits for it without blocking, and all that wait are judged in their order', async () => {
      const { store, other } = createTest();
      other.exec('begin exclusive');
      const charges = [1, 2, 3].map(async () => store.charge(operation([[bucket()]])));
      const given = store.giveBack([{ bucket: bucket(), cost: 1 }], Date.UTC(2026, 0, 1));
      other.exec('commit');
      const decisions = await Promise.all(charges);
      await given;
      expect(decisions.map(({ denied: [denied] }) => denied === undefined)).toEqual([true, true, false]);
      expect((await store.levels([bucket()])).map(({ remaining }) => remaining)).toEqual([1]);
    });

    it('fails within the timeout, then at once, and works again when the lock is released', async () => {
      const { store, other, lines } = createTest();
      other.exec('begin exclusive');
      const begun = performance.now();
      const charges = [1, 2].map(async () => store.charge(operation([[bucket()]])));
      for (const result of await Promise.allSettled(charges)) {
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StoreUnavailable) as unknown });
      }
      const waited = performance.now() - begun;
      expect(waited).toBeGreaterThanOrEqual(49);
      expect(waited).toBeLessThan(500);
      expect(() => store.charge(operation([[bucket()]]))).toThrow(StoreUnavailable);
      expect(lines).toHaveLength(1);
      other.exec('commit');
      await vi.waitFor(() => {
        expect(store.breaker.isOpen).toBe(false);
      }, 2000);
      expect((await store.charge(operation([[bucket()]]))).levels).toMatchObject([{ remaining: 1 }]);
      expect(lines).toHaveLength(2);
    });

    it('takes nothing for a charge that it has given up', async () => {
      const { store, other } = createTest();
      other.exec('begin exclusive');
      await expect(store.charge(operation([[bucket()]]))).rejects.toThrow(StoreUnavailable);
      other.exec('commit');
      await vi.waitFor(() => {
        expect(store.breaker.isOpen).toBe(false);
      }, 2000);
      expect(await store.levels([bucket()])).toEqual([{ remaining: 2, resetAt: null }]);
    });

    it('rejects what still waits when it is closed', async () => {
      const { store, other } = createTest();
      other.exec('begin exclusive');
      const charge = store.charge(operation([[bucket()]]));
      store.close();
      await expect(charge).rejects.toThrow(StoreUnavailable);
    });
  });

  it('fails at once while the disk is full, and works again when there is room', async () => {
    const { store, file, lines } = createTest();
    const long = bucket({ key: 'long', limit: 10_000, strategy: 'SLIDING_LOG' });
    const pages = Number(file.pragma('page_count', { simple: true }));
    file.pragma(`max_page_count = ${pages}`);
    expect(() => store.charge(operation([[take(long, 10_000)]]))).toThrow('full');
    expect(() => store.charge(operation([[bucket()]]))).toThrow(StoreUnavailable);
    expect(lines).toHaveLength(1);
    file.pragma('max_page_count = 1000000');
    await vi.waitFor(() => {
      expect(store.breaker.isOpen).toBe(false);
    }, 2000);
    expect((await store.charge(operation([[take(long, 10_000)]]))).denied).toEqual([undefined]);
    expect(lines).toHaveLength(2);
  });

  it('lets an operation that is wrong fail alone', async () => {
    const { store, other } = createTest();
    other.exec('begin exclusive');
    const wrong = { buckets: [], selections: [{ charges: [{ bucket: 7, cost: 1, enforced: true }] }] };
    const results = Promise.allSettled([
      store.charge(operation([[bucket()]])),
      store.charge(wrong),
      store.charge(operation([[bucket()]])),
    ]);
    other.exec('commit');
    expect((await results).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.breaker.isOpen).toBe(false);
    expect((await store.levels([bucket()])).map(({ remaining }) => remaining)).toEqual([0]);
  });

  it('does not open what is not a database', () => {
    const { clock, log } = createTest();
    expect(() => openSqliteStore({ path: import.meta.filename, clock, log })).toThrow('not a database');
  });
});
