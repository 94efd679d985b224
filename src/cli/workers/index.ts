import cluster from 'node:cluster';
import { type Logger, pino } from 'pino';
import { openAccounts } from '../../app/index.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import type { EnvSource } from '../../config/env.ts';
import { environment } from '../../config/variables.ts';
import { shop } from '../../shop/index.ts';
import { systemClock } from '../../util/clock.ts';
import { tellFirstRun } from '../first-run.ts';
import { banner } from '../serve.ts';
import { shutdownSignal } from '../shutdown-signal.ts';
import { Fleet } from './fleet.ts';
import { sharedDefaults } from './shared-defaults.ts';
import { patienceMs, work } from './work.ts';

/** Serves by several processes that share one port, until SIGTERM or SIGINT; then lets requests in flight finish. */
export async function serveByWorkers(count: number, env: EnvSource): Promise<void> {
  const config = loadConfig(sharedDefaults(env));
  if (cluster.worker !== undefined) await work(config, cluster.worker);
  else await lead(count, config);
}

async function lead(count: number, config: Config): Promise<void> {
  assertDatabaseIsShared(count, config);
  const log = pino({ level: config.log.level }, pino.destination(2));
  warnOfMemory(config, log);
  await prepareDatabase(config);

  const broken = Promise.withResolvers<never>();
  const fleet = new Fleet({
    count,
    fork: () => cluster.fork(),
    log,
    patienceMs: patienceMs(config.server.drainTimeout),
    onUp: (url) => {
      console.log(banner(url, `${config.server.kind}, ${count} workers`));
    },
    onBroken: broken.reject,
  });
  const told = shutdownSignal(() => {
    fleet.kill();
  });
  try {
    fleet.start();
    await Promise.race([told, broken.promise]);
  } finally {
    await fleet.end();
  }
}

function assertDatabaseIsShared(count: number, { database }: Config): void {
  if (database.url !== 'sqlite::memory:') return;
  const { name, default: file } = environment.databaseUrl;
  throw new Error(
    `${name} is ${database.url}, of which each of the ${count} workers would have one of its own. ` +
      `Set ${name} to a file such as ${file}, or leave out --workers.`,
  );
}

function warnOfMemory({ stores: { buckets, answers } }: Config, log: Logger): void {
  const { rateLimitStore, responseCacheStore } = environment;
  const warn = (name: string, what: string): void => {
    log.warn(`${name} is memory: ${what}. Unset it, and the workers share a SQLite file.`);
  };
  if (buckets.kind === 'memory')
    warn(rateLimitStore.name, 'each worker counts for itself, up to every limit');
  if (answers.kind === 'memory') warn(responseCacheStore.name, 'each worker keeps answers for itself');
}

/** Migrates and tells of a first run before there are workers to race for it. */
async function prepareDatabase(config: Config): Promise<void> {
  const { db, adminKey } = await openAccounts({ config, clock: systemClock, application: shop });
  if (adminKey !== undefined) tellFirstRun(adminKey, config);
  await db.destroy();
}
