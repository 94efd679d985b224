import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { sha256 } from '../../../src/persisted-documents/document-name.ts';
import type { DocumentStore } from '../../../src/persisted-documents/store.ts';
import { openSqliteDocuments } from '../../../src/persisted-documents/stores/sqlite.ts';
import { createLog } from '../../support/log.ts';
import { describeDocumentStore, maxBytes } from '../store.contract.ts';

const text = '{ one }';
const hash = sha256(text);

function open(path: string, log = createLog().log): DocumentStore {
  return openSqliteDocuments({ path, maxBytes, timeoutMs: 50, log });
}

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-documents-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return join(folder, 'answers.db');
}

describeDocumentStore('a SQLite file', () => ({ store: open(':memory:') }));

describe('documents in a SQLite file', () => {
  it('are found by other processes, and after a restart', async () => {
    const path = newPath();
    const [one, other] = [open(path), open(path)];
    await one.set(hash, text);
    expect(await other.get(hash)).toBe(text);
    one.close();
    other.close();
    const later = open(path);
    expect(await later.get(hash)).toBe(text);
    later.close();
  });

  it('are unknown, and nobody fails, where the file does not work; the log says so once', async () => {
    const path = newPath();
    const { log, lines } = createLog();
    const store = open(path, log);
    const vandal = new Sqlite(path);
    vandal.exec('drop table documents');
    vandal.close();
    await store.set(hash, text);
    expect(await store.get(hash)).toBeUndefined();
    expect(lines).toMatchObject([{ level: 50, msg: 'a store does not work: going on without it' }]);
    store.close();
  });

  it('cannot be kept in what is no database', () => {
    expect(() => open(tmpdir())).toThrow(/unable to open database file|EISDIR/);
  });
});
