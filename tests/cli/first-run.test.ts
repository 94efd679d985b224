import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createApiKey } from '../../src/caller/api-key.ts';
import { tellFirstRun } from '../../src/cli/first-run.ts';
import { temporaryDatabase } from '../support/program.ts';

const key = createApiKey();

/** What is printed of the key, and where a file of it would lie. */
function tell(isTerminal: boolean, url = temporaryDatabase()) {
  const printed: string[] = [];
  tellFirstRun(key, { database: { url } }, { isTerminal, print: (text) => printed.push(text) });
  return { text: printed.join('\n'), path: `${url.slice('sqlite:'.length)}-admin-key` };
}

describe('the first admin key', () => {
  it('is shown on a terminal, and kept nowhere', () => {
    const { text, path } = tell(true);
    expect(text).toContain(`Admin API key   ${key}`);
    expect(existsSync(path)).toBe(false);
  });

  it('is left beside the database where there is no terminal, for its owner alone', () => {
    const { text, path } = tell(false);
    expect(text).toContain(`Admin API key   in ${path}`);
    expect(text).not.toContain(key);
    expect(readFileSync(path, 'utf8')).toBe(`${key}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  it('takes the place of that of a database that is gone, whoever could read it', () => {
    const url = temporaryDatabase();
    const path = `${url.slice('sqlite:'.length)}-admin-key`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'old', { mode: 0o666 });
    tell(false, url);
    expect(readFileSync(path, 'utf8')).toBe(`${key}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is not told where it cannot be left in a file, but how to make another', () => {
    const url = temporaryDatabase();
    writeFileSync(dirname(url.slice('sqlite:'.length)), 'not a folder');
    const { text } = tell(false, url);
    expect(text).toMatch(/could not be left in a file: .*\n.*sluice keys create NAME --tier ADMIN/);
    expect(text).not.toContain(key);
  });

  it('is not told where the database is gone with the process', () => {
    const { text } = tell(false, 'sqlite::memory:');
    expect(text).toContain('set ADMIN_KEY');
    expect(text).not.toContain(key);
  });
});
