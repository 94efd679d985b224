/**
 * Puts the same load on Sluice and on its peers, one server at a time and in turn, and prints and saves what they
 * reached. `npm run bench -- --help` tells what can be chosen.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRedis } from '../../tests/support/private-servers.ts';
import { autocannon } from './autocannon.ts';
import { divideCores } from './cores.ts';
import { makeDatabase } from './database.ts';
import { growthPart } from './growth-part.ts';
import { isOnPath } from './is-on-path.ts';
import { missingServers } from './missing.ts';
import { type Options, readOptions, usage } from './options.ts';
import { Report } from './report.ts';
import { runScenario, type Surroundings } from './run-scenario.ts';
import { makeToken } from './token.ts';
import { wrk } from './wrk.ts';

const jwtSecret = 'a secret that everyone in this bench has';

/** Whether everything was answered as it has to be. */
async function run(options: Options): Promise<boolean> {
  await using closers = new AsyncDisposableStack();
  const { rounds, seconds } = options;
  const { serverPrefix, description: cores } = divideCores();
  const tool = isOnPath('wrk') ? wrk : autocannon;
  const missing = missingServers();
  const report = new Report(
    { tool: tool.name, cores, rounds, seconds, missing: [...missing.values()] },
    options.output,
  );
  const token = await makeToken(jwtSecret, '1');
  const places = { database: openDatabase(closers), redisPort: await openRedis(closers, missing) };
  const surroundings = { tool, serverPrefix, rounds, seconds, token, jwtSecret, ...places };
  const isRight = await runScenarios(options, surroundings, missing, report);
  if (options.growth) report.add(growthPart());
  report.end();
  return isRight;
}

async function runScenarios(
  options: Options,
  surroundings: Surroundings,
  missing: ReadonlyMap<string, string>,
  report: Report,
): Promise<boolean> {
  let isRight = true;
  for (const scenario of options.scenarios) {
    const servers = scenario.servers.filter((name) => !missing.has(name));
    const rows = await runScenario({ ...scenario, servers }, surroundings, console.log);
    report.addScenario(scenario, rows);
    isRight &&= rows.every(({ turns }) => turns.every(({ failures }) => failures === 0));
  }
  return isRight;
}

function openDatabase(closers: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  closers.defer(() => {
    rmSync(folder, { recursive: true });
  });
  const database = join(folder, 'bench.db');
  makeDatabase(database);
  return database;
}

/** The port of a Redis server; 0 where there is none. */
async function openRedis(
  closers: AsyncDisposableStack,
  missing: ReadonlyMap<string, string>,
): Promise<number> {
  if (missing.has('sluice-redis')) return 0;
  const redis = await startRedis();
  closers.defer(() => redis.stop());
  return redis.port;
}

if (process.argv.includes('--help')) console.log(usage);
else if (!(await run(readOptions(process.argv.slice(2))))) {
  console.error('Not everything was answered as it has to be: see the last column.');
  process.exitCode = 1;
}
