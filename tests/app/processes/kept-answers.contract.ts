import { expect, it, vi } from 'vitest';
import { isHit } from '../../support/cache-status.ts';
import { ask } from '../../support/client.ts';
import { start } from '../../support/program.ts';
import { namesIn, prime, users, write } from './asking.ts';
import type { SharedApp } from './sharing.ts';

/** An operation that nothing else asks for. */
const lateUsers = '{ users(first: 499) { name } }';

/** Longer than the data file is left unwatched. */
const watchedMs = 300;

/** Whether answers stay hits for as long as it takes to notice a write. */
async function staysHit(url: string, query: string): Promise<boolean> {
  const end = performance.now() + watchedMs;
  while (performance.now() < end) if (!isHit(await ask(url, query))) return false;
  return true;
}

/** Processes that share answers keep what others have not written to, but for writes that nobody tells them of. */
export function keepsTheRest(app: () => SharedApp): void {
  it('a write to another table invalidates nothing', async () => {
    const [writer, reader] = app().urls;
    const stayed: boolean[] = [];
    for (let round = 0; round < 3; round += 1) {
      await prime(reader, users);
      await write(writer, `addProduct(name: "Product ${round}")`);
      stayed.push(await staysHit(reader, users));
    }
    expect(stayed).toEqual([true, true, true]);
  });

  it('what a program writes that knows nothing of the server is seen within a second', async () => {
    const [, reader] = app().urls;
    await prime(reader, users);
    // What comes soon after a write of one of the processes is taken for theirs, and is seen later. This answer is made
    // now, after their last one; the other may be older.
    await prime(reader, lateUsers);
    await vi.waitFor(
      async () => {
        const { headers } = await ask(reader, lateUsers);
        expect(Number(headers.get('age'))).toBeGreaterThanOrEqual(1);
      },
      { timeout: 10_000, interval: 50 },
    );
    const script = `
      import Sqlite from 'better-sqlite3';
      new Sqlite(process.argv[1]).exec("insert into users values (1, 'Foreign', 'f', 'f', 'f')");
    `;
    const args = ['--input-type=module', '--eval', script, app().dataFile];
    expect(await start(process.execPath, args).exit).toMatchObject({ code: 0 });
    await vi.waitFor(
      async () => {
        expect(namesIn(await ask(reader, users))).toEqual(['Foreign']);
      },
      { timeout: 1000, interval: 20 },
    );
  });
}
