import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { Clock } from '../util/clock.ts';

/** What stores are opened with. */
export interface StoreOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
}
