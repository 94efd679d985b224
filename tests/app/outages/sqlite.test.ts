import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, codes } from '../../support/client.ts';
import { leftOf } from '../../support/fixtures/limited-fields.ts';
import { type Program, start, temporaryDatabase } from '../../support/program.ts';
import { root } from '../../support/source-files.ts';
import { dearLimit, levelsOf, startOutageApp, until } from './outage-app.ts';
import { expectUnnoticed } from './under-load.ts';

const longestBlockMs = 60;
const queries = ['{ dear }', '{ both }', '{ open }', 'mutation { write(text: "new") }'];

/** Has the file of a store to itself, as another process might. */
function lock(store: string): () => void {
  const file = new Sqlite(store.replace('sqlite:', ''));
  file.exec('begin exclusive');
  const unlock = (): void => void file.close();
  onTestFinished(unlock);
  return unlock;
}

/** The longest that nothing else could be done in this process during a task, in milliseconds. */
async function longestBlock(task: () => Promise<void>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await task();
  delay.disable();
  return delay.max / 1e6;
}

describe('stores in SQLite files that another process has locked', () => {
  it('go unnoticed by clients', async () => {
    const store = temporaryDatabase();
    let unlock: (() => void) | undefined;
    const begin = (): void => {
      unlock = lock(store);
    };
    await expectUnnoticed({ begin, end: () => unlock?.() }, { RATE_LIMIT_STORE: store });
  });

  it('stop nobody else, and are used again with what was invalidated meanwhile', async () => {
    const stores = [temporaryDatabase(), temporaryDatabase()] as const;
    const app = await startOutageApp({ RATE_LIMIT_STORE: stores[0], RESPONSE_CACHE_STORE: stores[1] });
    const askAll = async (): Promise<void> => {
      for (const query of queries) expect((await ask(app.url, query)).body.errors).toBeUndefined();
    };
    await askAll();
    const blocks: number[] = [];
    // Another process may keep this one waiting for once; a store would do so each time.
    for (let outage = 1; outage <= 3; outage += 1) {
      const unlock = stores.map(lock);
      blocks.push(await longestBlock(askAll));
      expect(await leftOf(app.url, 'Query.dear')).toBe(dearLimit - outage);
      for (const end of unlock) end();
      await until(() => levelsOf(app).length === 4 * outage);
      expect(await leftOf(app.url, 'Query.dear')).toBe(dearLimit - 1);
      expect((await ask(app.url, '{ open }')).body.data).toEqual({ open: 'new' });
    }
    expect(Math.min(...blocks)).toBeLessThan(longestBlockMs);
    for (const level of [50, 30]) expect(levelsOf(app).filter((each) => each === level)).toHaveLength(6);
  });
});

describe('stores in SQLite files that cannot grow', () => {
  it('are done without: the limits are enforced, and answers made anew', async () => {
    const limited = '{ product(id: 1) { name } popularProducts { name } }';
    const program = startWithFileLimit(192, {
      RATE_LIMIT_STORE: temporaryDatabase(),
      RESPONSE_CACHE_STORE: temporaryDatabase(),
    });
    const [url] = await program.output(/http:\/\/[\d.:]+/);
    let reply = await ask(url, limited);
    for (let first = 1; first <= 60; first += 1) {
      const users = await ask(url, `{ users(first: ${first}) { name } }`);
      expect(users).toMatchObject({ status: 200, body: { data: { users: [] } } });
      reply = await ask(url, limited);
      for (const code of codes(reply.body)) expect(code).toBe('RATE_LIMITED');
    }
    expect(reply.status).toBe(429);
    program.kill('SIGTERM');
    const { code, stderr } = await program.exit;
    expect(code).toBe(0);
    expect(stderr.match(/"level":50/g)).toHaveLength(2);
  });
});

/** Starts a server of which no file may have more than so many blocks of 512 bytes. */
function startWithFileLimit(blocks: number, env: Readonly<Record<string, string>>): Program {
  const script = `ulimit -f ${blocks}; exec "$0" "$@"`;
  const args = ['-c', script, process.execPath, join(root, 'src/main.ts'), 'serve'];
  return start('sh', args, { PORT: '0', DATABASE_URL: 'sqlite::memory:', ...env });
}
