import { pino } from 'pino';
import type { StrategyName } from '../../../src/rate-limit/policy.ts';
import { openSqliteStore } from '../../../src/rate-limit/stores/sqlite/index.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { bucket, operation } from './operations.ts';

/** What a process is asked to do: so many charges at once to a bucket of 100 units. */
export interface Crowd {
  readonly strategy: StrategyName;
  readonly charges: number;
}

/** What became of them. */
export interface Outcome {
  readonly admitted: number;
  readonly failed: number;
}

const [path = ''] = process.argv.slice(2);
// Long, because this is about who is admitted, and the machine may be busy with other tests.
const store = openSqliteStore({ path, clock: systemClock, timeoutMs: 5000, log: pino({ level: 'silent' }) });

process.on('message', (crowd: Crowd) => {
  void charge(crowd).then((outcome) => process.send?.(outcome));
});
// The parent waits until all processes are here, so that what follows happens at once.
process.send?.('ready');

async function charge({ strategy, charges }: Crowd): Promise<Outcome> {
  const crowded = bucket({ key: `crowded ${strategy}`, limit: 100, duration: 3600, strategy });
  const chargeOne = async (): Promise<boolean> => {
    const decision = await store.charge(operation([[crowded]]));
    return decision.denied[0] === undefined;
  };
  const results = await Promise.allSettled(Array.from({ length: charges }, chargeOne));
  return {
    admitted: results.filter((result) => result.status === 'fulfilled' && result.value).length,
    failed: results.filter((result) => result.status === 'rejected').length,
  };
}
