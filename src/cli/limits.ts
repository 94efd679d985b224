import { pino } from 'pino';
import { systemClock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { formatLimit } from '../config/limit-notation.ts';
import { followOverrides, limiterOptions } from '../configured-limits.ts';
import { declareSchema } from '../declared-schema.ts';
import { createMemoryStore, type Policy } from '../rate-limit/index.ts';
import { createMemoryStore as createAnswerStore } from '../response-cache/index.ts';
import { sampleSdl } from '../schema/own-definitions.ts';
import { sampleResolvers } from '../schema/resolvers/index.ts';

/** Prints the limits in force, a line each: where it stands, its name, its limit, whom it counts by, its tiers. */
export function printLimits(config: Config): void {
  const log = pino({ level: 'silent' });
  const { limiter } = declareSchema(sampleSdl, sampleResolvers, {
    answers: createAnswerStore({ clock: systemClock, maxBytes: config.cache.memoryBytes }),
    ...limiterOptions(config, { store: createMemoryStore({ clock: systemClock }), log, hooks: {} }),
  });
  followOverrides(config, limiter.limits, log)();
  const rows = [...limiter.limits.inForce].flatMap(([coordinate, policies]) =>
    policies.map((policy) => [coordinate, policy.name, limitOf(policy), policy.strategy, detailsOf(policy)]),
  );
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

function limitOf({ limit, duration }: Policy): string {
  return limit === null ? 'unlimited' : formatLimit({ limit, duration });
}

function detailsOf({ by, identityArgs, tiers, count, mode }: Policy): string {
  const args = identityArgs.map((path) => path.join('.'));
  const limits = tiers.map(
    ({ tier, limit, duration }) =>
      `${tier} ${limit === null ? 'unlimited' : formatLimit({ limit, duration })}`,
  );
  return [
    `by ${[...by, ...args].join(', ')}`,
    ...(limits.length > 0 ? [`tiers ${limits.join(', ')}`] : []),
    ...(count === 'ATTEMPT' ? [] : [`counts ${count}`]),
    ...(mode === 'ENFORCE' ? [] : [mode]),
  ].join('; ');
}
