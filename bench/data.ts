/**
 * How many queries of the data layer a SQLite file answers a second, with and without the tracking of tables that the
 * cache of answers needs, beside better-sqlite3 with a statement that is prepared once, which nothing on top of it can
 * reach, and the same query built and run by Kysely as it comes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contender, fill, openContenders } from './data-contenders.ts';
import { mediansOf, printHead, printLine, timeOf } from './measure.ts';

const rounds = 15;
const rows = 20;
const times = 2000;

const disciplines = ['listProducts', 'listUsers', 'findUser', 'findApiKey'] as const;

/** Queries a second. */
async function speedOf(contender: Contender, discipline: (typeof disciplines)[number]): Promise<number> {
  const query = contender[discipline];
  const milliseconds = await timeOf(async () => {
    for (let n = 0; n < times; n += 1) await query();
  });
  return (times / milliseconds) * 1000;
}

async function check(contenders: readonly Contender[]): Promise<void> {
  for (const { listProducts, listUsers } of contenders) {
    const counts = [(await listProducts()).length, (await listUsers()).length];
    if (counts.some((count) => count !== rows))
      throw new Error(`Of ${rows} rows ${counts.join()} were read.`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
try {
  const path = join(folder, 'data.db');
  await fill(path, rows);
  const { contenders, close } = openContenders(path);
  await check(contenders);
  printHead(['tracked', 'untracked', 'SQLite', 'Kysely']);
  for (const discipline of disciplines) {
    const speeds = await mediansOf(
      rounds,
      contenders.map((contender) => () => speedOf(contender, discipline)),
    );
    printLine(`${discipline} /s`, speeds, (value, of) => value / of);
  }
  await close();
} finally {
  rmSync(folder, { recursive: true });
}
