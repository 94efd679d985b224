import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { environmentTable } from '../../src/config/env.ts';
import { ask, codes } from '../support/client.ts';
import { start } from '../support/program.ts';
import { root } from '../support/source-files.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('the README', () => {
  it('has the table of all environment variables as the program reads them', () => {
    const rows = environmentTable().map(({ name, default: value, accepts, description }) => {
      return [`\`${name}\``, value === undefined ? '' : `\`${value}\``, accepts, description];
    });
    expect(tableBelow('## Configuration').slice(2)).toEqual(rows);
  });

  it('shows how to serve a schema of your own, and that works', async () => {
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const source = example.replace(`'sluice'`, `'${pathToFileURL(join(root, 'src/index.ts')).href}'`);
    const program = start(process.execPath, [temporaryFile('example.ts', source)], {
      PORT: '0',
      DATABASE_URL: 'sqlite::memory:',
    });
    const [url] = await program.output(/http:\S+/);
    const query = `{ time ${Array.from({ length: 11 }, (_, index) => `d${index}: dice(sides: 1)`).join(' ')} }`;
    const { body } = await ask(url, query);
    expect(body.data).toMatchObject({
      d0: 1,
      d9: 1,
      d10: null,
      time: expect.stringContaining('T') as string,
    });
    expect(codes(body)).toEqual(['RATE_LIMITED']);
    program.kill('SIGTERM');
    expect(await program.exit).toMatchObject({ code: 0 });
  });
});

/** The cells of the first table below a heading, row by row. */
function tableBelow(heading: string): string[][] {
  const lines = readme.slice(readme.indexOf(heading)).split('\n');
  const from = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
  return lines.slice(from, from + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function temporaryFile(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
