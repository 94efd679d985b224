import { makeScript, type Script } from '../../../connections/redis-script.ts';
import type { StrategyName } from '../../policy.ts';
import { clockPart, writePart } from './parts.ts';
import { strategyScripts } from './strategies/index.ts';

const main = `
local limit, duration = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = timeOf(ARGV[4])
local before = redis.call('GET', KEYS[1])
local isAllowed, state, wait = take(before, limit, duration, tonumber(ARGV[3]), now)
write(KEYS[1], before, state, state and expiresAt(state, limit, duration), now)
local remaining, resetAt = level(state, limit, duration, now)
return { now, isAllowed and 1 or 0, wait == math.huge and -1 or wait, remaining, resetAt }
`;

const make = (strategy: StrategyName): Script =>
  makeScript(clockPart + writePart + strategyScripts[strategy] + main);

/**
 * Judge what most operations are: one selection that takes from one bucket, the key. Arguments are the limit, the
 * duration, the cost and, of a test, the time. The reply is the time, 1 if the units were taken, the wait (-1 if it never
 * ends), the units left, and when all are back (-1 if they are).
 */
export const chargeOneScripts: Readonly<Record<StrategyName, Script>> = {
  FIXED_WINDOW: make('FIXED_WINDOW'),
  SLIDING_WINDOW: make('SLIDING_WINDOW'),
  SLIDING_LOG: make('SLIDING_LOG'),
  TOKEN_BUCKET: make('TOKEN_BUCKET'),
};
