import { makeScript } from '../../../connections/redis-script.ts';
import { clockPart, strategiesPart, writePart } from './parts.ts';
import { strategyNames } from './strategies/index.ts';

/**
 * Gives units back, and tells every process of the buckets that it changed. KEYS are the buckets, each once. The first
 * argument is a list in JSON: the time or false, when the units were taken, and a flat list of each one's key (by its
 * number), strategy, limit, duration and units. The second is the channel, the others are what it says of each key.
 */
export const giveBackScript = makeScript(`${clockPart}${writePart}${strategiesPart(strategyNames)}
local given, takenAt, taken = unpack(cjson.decode(ARGV[1]))
local now = timeOf(given)
local before, states, expiries = {}, {}, {}

for key, name in ipairs(KEYS) do
  before[key] = redis.call('GET', name)
  states[key] = before[key]
end

for at = 1, #taken, 5 do
  local key, strategy, limit, duration = taken[at], strategies[taken[at + 1]], taken[at + 2], taken[at + 3]
  if states[key] then
    local state = strategy.giveBack(states[key], limit, duration, taken[at + 4], takenAt, now)
    states[key] = state
    expiries[key] = state and strategy.expiresAt(state, limit, duration)
  end
end

for key, name in ipairs(KEYS) do
  write(name, before[key], states[key], expiries[key], now)
end
for key in ipairs(KEYS) do
  -- Who may not publish still gives back: copies of denials end by themselves.
  if states[key] ~= before[key] then redis.pcall('PUBLISH', ARGV[2], ARGV[2 + key]) end
end
`);
