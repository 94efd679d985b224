import { existsSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { openSqliteFile, type SqliteFile } from '../../src/connections/sqlite-file.ts';
import { StatementCache } from '../../src/database/statement-cache.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-statements-'));
afterAll(() => rm(folder, { recursive: true }));

const opened: SqliteFile[] = [];
afterEach(() => {
  for (const file of opened.splice(0)) file.close();
});

let files = 0;

function openAnother(path: string): SqliteFile {
  const file = openSqliteFile(path, 0);
  opened.push(file);
  return file;
}

/** A file with two teas and the texts that it has been told to prepare. */
function openTeas() {
  files += 1;
  const path = join(folder, `${files}.db`);
  const file = openAnother(path);
  file.exec('create table teas (id integer primary key, name text unique)');
  file.exec("insert into teas values (1, 'Assam'), (2, 'Sencha')");
  const prepared: string[] = [];
  const cache = new StatementCache({
    prepare(sql) {
      prepared.push(sql);
      return file.prepare(sql);
    },
    close: () => file.close(),
  });
  const all = (sql: string, ...values: unknown[]) => cache.prepare(sql).all(values);
  const run = (sql: string, ...values: unknown[]) => cache.prepare(sql).run(values);
  return { path, cache, prepared, all, run };
}

const everything = 'select * from teas order by id';
const first = { id: 1, name: 'Assam' };
const second = { id: 2, name: 'Sencha' };

describe('a statement', () => {
  it('is prepared once, whatever it is run with', () => {
    const { all, prepared } = openTeas();
    const byId = 'select * from teas where id = ?';
    expect(all(byId, 1)).toEqual([first]);
    expect(all(byId, 2)).toEqual([second]);
    expect(all(byId, 3)).toEqual([]);
    expect(prepared).toEqual([byId]);
  });

  it('is prepared again once 200 others were', () => {
    const { all, prepared } = openTeas();
    for (let n = 1; n <= 200; n += 1) all(`select ${n}`);
    all('select 1');
    expect(prepared).toHaveLength(200);
    all('select 201');
    all('select 2');
    expect(prepared.slice(200)).toEqual(['select 201', 'select 2']);
    all('select 1');
    expect(prepared).toHaveLength(202);
  });

  it('tells each time what it has changed', () => {
    const { run } = openTeas();
    const rename = 'update teas set name = ? where id >= ?';
    const insert = 'insert into teas (name) values (?) on conflict do nothing';
    expect(run(insert, 'Matcha')).toEqual({ changes: 1, lastInsertRowid: 3 });
    expect(run(insert, 'Matcha')).toEqual({ changes: 0, lastInsertRowid: 3 });
    expect(run(rename, 'Bancha', 3).changes).toBe(1);
    expect(run(rename, 'Bancha', 4).changes).toBe(0);
  });

  it('that writes can return rows, each time others', () => {
    const { cache, all } = openTeas();
    const insert = 'insert into teas (name) values (?) returning *';
    expect(cache.prepare(insert).reader).toBe(true);
    expect(all(insert, 'Matcha')).toEqual([{ id: 3, name: 'Matcha' }]);
    expect(all(insert, 'Bancha')).toEqual([{ id: 4, name: 'Bancha' }]);
  });

  it('works again after it has failed', () => {
    const { run } = openTeas();
    const insert = 'insert into teas (name) values (?)';
    expect(() => run(insert, 'Assam')).toThrow(/UNIQUE/);
    expect(() => run(insert)).toThrow(/parameter/);
    expect(() => run(insert, {})).toThrow();
    expect(run(insert, 'Matcha').changes).toBe(1);
  });

  it('begins, ends and undoes transactions as often as it is asked to', () => {
    const { all, run } = openTeas();
    for (const end of ['commit', 'rollback', 'commit', 'rollback']) {
      run('begin immediate');
      run('insert into teas (name) values (?)', `${end} ${all(everything).length}`);
      run(end);
    }
    expect(all(everything)).toHaveLength(4);
  });
});

describe('a statement whose tables change', () => {
  it('returns the columns that there are, also when another connection has changed them', () => {
    const { all, run, path } = openTeas();
    all(everything);
    run("alter table teas add column land text default 'India'");
    expect(all(everything)[1]).toEqual({ ...second, land: 'India' });
    openAnother(path).exec('alter table teas rename column land to origin');
    expect(all(everything)[0]).toEqual({ ...first, origin: 'India' });
    openAnother(path).exec('alter table teas drop column origin');
    expect(all(everything)).toEqual([first, second]);
  });

  it('fails without its table and works with the next one of that name', () => {
    const { all, run } = openTeas();
    all(everything);
    run('drop table teas');
    expect(() => all(everything)).toThrow('no such table: teas');
    run('create table teas (id integer, leaves blob)');
    run('insert into teas values (1, null)');
    expect(all(everything)).toEqual([{ id: 1, leaves: null }]);
  });

  it('returns what was there before when the change is undone', () => {
    const { all, run } = openTeas();
    run('begin immediate');
    run('alter table teas add column land text');
    expect(all(everything)[0]).toEqual({ ...first, land: null });
    run('rollback');
    expect(all(everything)[0]).toEqual(first);
  });

  it('reads a temporary table while one hides its own', () => {
    const { all, run } = openTeas();
    all(everything);
    run('create temporary table teas (id integer)');
    expect(all(everything)).toEqual([]);
    run('drop table temp.teas');
    expect(all(everything)).toEqual([first, second]);
  });
});

describe('a statement whose rows are gone through', () => {
  it('can be run meanwhile, and gone through a second time', () => {
    const { cache, all } = openTeas();
    const seen: unknown[] = [];
    for (const row of cache.prepare(everything).iterate([])) {
      expect(all(everything)).toEqual([first, second]);
      for (const inner of cache.prepare(everything).iterate([])) seen.push([row, inner]);
    }
    expect(seen).toEqual([
      [first, first],
      [first, second],
      [second, first],
      [second, second],
    ]);
  });

  it('can be left early', () => {
    const { cache, all, run } = openTeas();
    const [row] = cache.prepare(everything).iterate([]);
    expect(row).toEqual(first);
    run('delete from teas where id = ?', 1);
    expect(all(everything)).toEqual([second]);
  });
});

describe('what has an effect when it is prepared', () => {
  it('is prepared each time', () => {
    const { all, run, prepared } = openTeas();
    const isOn = 'pragma foreign_keys';
    for (const value of [0, 1, 0, 1]) {
      const set = `pragma foreign_keys = ${value}`;
      run(set);
      expect(all(isOn)).toEqual([{ foreign_keys: value }]);
    }
    expect(prepared).toHaveLength(8);
  });
});

describe('closing', () => {
  it('ends all statements, so that the file is left in good order', () => {
    const { cache, all, run, path } = openTeas();
    const kept = cache.prepare(everything);
    all('select count(*) from teas');
    run('insert into teas (name) values (?)', 'Matcha');
    expect(existsSync(`${path}-wal`)).toBe(true);
    cache.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(() => kept.all([])).toThrow('not open');
    expect(() => all(everything)).toThrow('not open');
  });
});
