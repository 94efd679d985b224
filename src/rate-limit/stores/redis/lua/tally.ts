/**
 * What tally.ts does, in Lua: the buckets of one operation, in the order of KEYS. Expects `rules`, a flat list of each
 * bucket's strategy, limit and duration, and `now`.
 */
export const tallyPart = `
local before, states, remaining, left, resets, short = {}, {}, {}, {}, {}, {}

local function ruleOf(bucket)
  return strategies[rules[3 * bucket - 2]], rules[3 * bucket - 1], rules[3 * bucket]
end

local function measure(bucket)
  local strategy, limit, duration = ruleOf(bucket)
  remaining[bucket], resets[bucket] = strategy.level(states[bucket], limit, duration, now)
end

local function attempt(bucket, units)
  local strategy, limit, duration = ruleOf(bucket)
  return strategy.take(states[bucket], limit, duration, units, now)
end

for bucket, key in ipairs(KEYS) do
  before[bucket] = redis.call('GET', key)
  states[bucket] = before[bucket]
  measure(bucket)
  left[bucket] = remaining[bucket]
end

local function fits(bucket, cost)
  if cost <= left[bucket] then return true end
  short[bucket] = true
  return false
end

local function settle()
  for bucket in ipairs(KEYS) do
    local taken = remaining[bucket] - left[bucket]
    if taken > 0 or short[bucket] then
      local _, state = attempt(bucket, taken > 0 and taken or left[bucket] + 1)
      if state ~= states[bucket] then
        states[bucket] = state
        measure(bucket)
      end
    end
  end
end

local function waitFor(bucket, cost)
  local _, _, wait = attempt(bucket, cost)
  return wait
end

local function writeAll()
  for bucket, key in ipairs(KEYS) do
    local strategy, limit, duration = ruleOf(bucket)
    local state = states[bucket]
    write(key, before[bucket], state, state and strategy.expiresAt(state, limit, duration), now)
  end
end
`;
