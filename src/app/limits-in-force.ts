import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { createMemoryStore, type PolicyTable } from '../rate-limit/index.ts';
import { createMemoryStore as createAnswerStore } from '../response-cache/index.ts';
import { systemClock } from '../util/clock.ts';
import type { Application } from './application.ts';
import { followOverrides, limiterOptions } from './configured-limits.ts';
import { declareSchema } from './declared-schema.ts';

/** The limits that an application would have with this configuration, by schema coordinate. Opens nothing. */
export function limitsInForce<Tables>(
  { typeDefs, resolvers = {} }: Application<Tables>,
  config: Config,
): PolicyTable {
  const log = pino({ level: 'silent' });
  const { limiter } = declareSchema(typeDefs, resolvers, {
    answers: createAnswerStore({ clock: systemClock, maxBytes: config.cache.memoryBytes }),
    ...limiterOptions(config, {
      store: createMemoryStore({ clock: systemClock }),
      clock: systemClock,
      log,
      hooks: {},
    }),
  });
  followOverrides(config, limiter.limits, log)();
  return limiter.limits.inForce;
}
