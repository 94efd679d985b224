import { makeScript, type Script } from '../../../connections/redis/index.ts';
import type { StrategyName } from '../../policy.ts';
import {
  clockPart,
  judgePart,
  strategiesPart,
  strategyNames,
  strategyScripts,
  tallyPart,
  writePart,
} from './lua/index.ts';

const chargeOneMain = `
local limit, duration = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = timeOf(ARGV[4])
local before = redis.call('GET', KEYS[1])
local isAllowed, state, wait = take(before, limit, duration, tonumber(ARGV[3]), now)
write(KEYS[1], before, state, state and expiresAt(state, limit, duration), now)
local remaining, resetAt = level(state, limit, duration, now)
return { now, isAllowed and 1 or 0, wait == math.huge and -1 or wait, remaining, resetAt }
`;

const makeChargeOne = (strategy: StrategyName): Script =>
  makeScript(clockPart + writePart + strategyScripts[strategy] + chargeOneMain);

/**
 * Judge what most operations are: one selection that takes from one bucket, the key. Arguments are the limit, the
 * duration, the cost and, of a test, the time. The reply is the time, 1 if the units were taken, the wait (-1 if it never
 * ends), the units left, and when all are back (-1 if they are).
 */
export const chargeOneScripts: Readonly<Record<StrategyName, Script>> = {
  FIXED_WINDOW: makeChargeOne('FIXED_WINDOW'),
  SLIDING_WINDOW: makeChargeOne('SLIDING_WINDOW'),
  SLIDING_LOG: makeChargeOne('SLIDING_LOG'),
  TOKEN_BUCKET: makeChargeOne('TOKEN_BUCKET'),
};

const chargeMain = `
local function finite(wait)
  return wait == math.huge and -1 or wait
end

local function reply(rejected)
  local denied, outcomes, levels = {}, {}, {}
  for at, denial in ipairs(denials) do
    denied[3 * at - 2], denied[3 * at - 1], denied[3 * at] = denial.bucket, denial.cost, finite(denial.wait)
  end
  for run, times in ipairs(allowed) do
    outcomes[2 * run - 1], outcomes[2 * run] = times, denialOf[run] or 0
  end
  for bucket in ipairs(KEYS) do
    levels[2 * bucket - 1], levels[2 * bucket] = remaining[bucket], resets[bucket]
  end
  return { now, levels, outcomes, denied, reported, rejected }
end

local rejected
if meta > 0 and not fits(meta, 1) then
  settle()
  rejected = finite(waitFor(meta, 1))
else
  judgeAll()
  settle()
  reckonWaits()
end
writeAll()
return reply(rejected)
`;

const chargeScripts = new Map<string, Script>();

/**
 * Judges an operation whose buckets have these strategies. A script makes all of its functions anew whenever it runs, so
 * it has no more of them than it needs. KEYS are the buckets. The argument is a list in JSON: the time or false, and
 * then what the parts expect. readDecision takes the reply apart.
 */
export function chargeScript(strategies: ReadonlySet<StrategyName>): Script {
  const names = [...strategies].toSorted();
  const id = names.join();
  const known = chargeScripts.get(id);
  if (known !== undefined) return known;
  const input = `
local given, meta, rules, sets, runs = unpack(cjson.decode(ARGV[1]))
local now = timeOf(given)
`;
  const script = makeScript(
    clockPart + writePart + strategiesPart(names) + input + tallyPart + judgePart + chargeMain,
  );
  chargeScripts.set(id, script);
  return script;
}

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
