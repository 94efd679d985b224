import { Redis } from 'ioredis';
import { pino } from 'pino';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { openStores } from '../src/app/stores.ts';
import { loadConfig } from '../src/config/config.ts';
import { systemClock } from '../src/util/clock.ts';

/** Something that counts a use of a caller. */
export interface Contender {
  readonly name: string;
  /** Takes one unit of a caller's, who is a number. @throws where it is denied, which it should not be */
  admit(caller: number): unknown;
  close(): unknown;
}

const limit = 1_000_000_000;
/** Seconds. */
const duration = 3600;

/** A store of this project, with all that is round it when it serves. */
export async function openOurs(name: string, location: string): Promise<Contender> {
  const config = loadConfig({
    RATE_LIMIT_STORE: location,
    RESPONSE_CACHE_STORE: 'memory',
    STORE_TIMEOUT: '5000',
  });
  const stores = await openStores({ config, clock: systemClock, log: pino({ level: 'silent' }) });
  const rule = { limit, duration: duration * 1000 };
  const selections = [{ charges: [{ bucket: 0, cost: 1, enforced: true }] }];
  return {
    name,
    async admit(caller) {
      const key = `Query.products|F${duration}|user:${caller}`;
      const decision = await stores.buckets.charge({
        buckets: [{ key, strategy: 'FIXED_WINDOW', rule }],
        selections,
      });
      if (decision.denied[0] !== undefined || decision.takenBy !== undefined)
        throw new Error(`${name} did not admit.`);
    },
    close: () => stores.close(),
  };
}

/** The Redis limiter of rate-limiter-flexible. */
export async function openTheirs(port: number): Promise<Contender> {
  const client = new Redis(port, '127.0.0.1', { enableOfflineQueue: false, lazyConnect: true });
  await client.connect();
  const limiter = new RateLimiterRedis({ storeClient: client, points: limit, duration });
  return {
    name: 'Redis, rate-limiter-flexible',
    admit: (caller) => limiter.consume(`Query.products:user:${caller}`),
    close: () => {
      client.disconnect();
    },
  };
}
