import type { Worker } from 'node:cluster';
import { createApp } from '../../app/index.ts';
import type { Config } from '../../config/config.ts';
import { shop } from '../../shop/index.ts';
import { startListening } from '../serve.ts';
import { drainOrder, type Report } from './member.ts';

/**
 * How long workers that drain may take to end, all together, in milliseconds, when requests in flight may take so many
 * seconds.
 */
export function patienceMs(drainTimeout: number): number {
  return (drainTimeout + 5) * 1000;
}

/**
 * What a worker does: it serves until the primary, its end or a SIGTERM tells it to drain. Where it cannot serve it
 * tells the primary why, which knows whether others have said so.
 */
export async function work(config: Config, worker: Worker): Promise<void> {
  const { told, orphaned } = hearOrders(worker);
  void told.then(() => {
    endAfter(patienceMs(config.server.drainTimeout));
  });
  try {
    await using app = await createApp({ ...shop, config });
    const listening = startListening(app, config).then((url) => {
      report(worker, { url });
    });
    // Without a primary there is nothing to listen on, and nobody who would say so.
    await Promise.race([orphaned, listening]);
    await told;
  } catch (error) {
    process.exitCode = 1;
    report(worker, { failure: error instanceof Error ? error.message : String(error) });
  } finally {
    // Waits for the primary to know, so that no connection is lost that it has just handed over.
    if (worker.isConnected()) worker.disconnect();
  }
}

interface Orders {
  /** Resolves when the worker is to drain. */
  readonly told: Promise<void>;
  /** Resolves when the primary has ended. */
  readonly orphaned: Promise<void>;
}

function hearOrders(worker: Worker): Orders {
  // Ctrl-C reaches all processes, but in which order they end is for the primary to say.
  process.on('SIGINT', () => undefined);
  const orphaned = new Promise<void>((resolve) => {
    worker.on('disconnect', () => {
      // Otherwise Node ends the process at once, with requests in flight.
      worker.exitedAfterDisconnect = true;
      resolve();
    });
  });
  const ordered = new Promise<void>((resolve) => {
    process.on('SIGTERM', resolve);
    worker.on('message', (message: unknown) => {
      if (message === drainOrder) resolve();
    });
  });
  return { told: Promise.race([orphaned, ordered]), orphaned };
}

/** For when the primary cannot: it has ended, or it does not know that this worker drains. */
function endAfter(ms: number): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms).unref();
}

function report(worker: Worker, message: Report): void {
  if (worker.isConnected()) worker.send(message);
}
