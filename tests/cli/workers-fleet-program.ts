import cluster from 'node:cluster';
import { pino } from 'pino';
import { shutdownSignal } from '../../src/cli/shutdown-signal.ts';
import { Fleet } from '../../src/cli/workers/fleet.ts';

// A primary whose workers listen at once, and do not end when they are told to.
if (cluster.worker === undefined) await lead();
else follow();

async function lead(): Promise<void> {
  const log = pino(pino.destination(1));
  const fleet = new Fleet({
    count: 2,
    fork: () => cluster.fork(),
    log,
    patienceMs: 60_000,
    onUp: () => {
      log.info('up');
    },
    onBroken: (error) => {
      throw error;
    },
  });
  const told = shutdownSignal(() => {
    fleet.kill();
  });
  fleet.start();
  await told;
  await fleet.end();
}

function follow(): void {
  process.on('SIGINT', () => undefined);
  process.on('message', () => undefined);
  process.send?.({ url: 'http://nowhere' });
}
