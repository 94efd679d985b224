import { makeScript } from '../../../connections/redis-script.ts';
import { clockPart, strategiesPart } from './parts.ts';
import { strategyNames } from './strategies/index.ts';

/**
 * Reads buckets, the keys. The argument is a list in JSON: the time or false, and a flat list of each bucket's strategy,
 * limit and duration. The reply is the units left of each and when all are back, -1 if they are.
 */
export const levelsScript = makeScript(`${clockPart}${strategiesPart(strategyNames)}
local given, rules = unpack(cjson.decode(ARGV[1]))
local now = timeOf(given)
local replied = {}
for bucket, key in ipairs(KEYS) do
  local strategy = strategies[rules[3 * bucket - 2]]
  replied[2 * bucket - 1], replied[2 * bucket] =
    strategy.level(redis.call('GET', key), rules[3 * bucket - 1], rules[3 * bucket], now)
end
return replied
`);
