import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config/config.ts';

/** What stores are opened with. */
export interface StoreOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
}
