import type { Logger } from 'pino';
import type { BucketLocation } from '../config/store-location.ts';
import type { PolicyTable } from '../rate-limit/index.ts';

/** Warns of policies that a store counts differently from what is declared. */
export function warnOfStore({ kind }: BucketLocation, limits: PolicyTable, log: Logger): void {
  if (kind !== 'memcached') return;
  const others = [...limits.values()].flat().filter(({ strategy }) => strategy !== 'FIXED_WINDOW');
  const policies = [...new Set(others.map(({ name, strategy }) => `${name} (${strategy})`))];
  if (policies.length === 0) return;
  log.warn({ policies }, 'Memcached counts these policies as FIXED_WINDOW; other stores count as declared');
}
