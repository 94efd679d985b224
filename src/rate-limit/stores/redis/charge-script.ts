import { makeScript, type Script } from '../../../connections/redis-script.ts';
import type { StrategyName } from '../../policy.ts';
import { judgePart } from './judge.ts';
import { clockPart, strategiesPart, writePart } from './parts.ts';
import { tallyPart } from './tally.ts';

const main = `
local function finite(wait)
  return wait == math.huge and -1 or wait
end

local function reply(refused)
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
  return { now, levels, outcomes, denied, reported, refused }
end

local refused
if meta > 0 and not fits(meta, 1) then
  settle()
  refused = finite(waitFor(meta, 1))
else
  judgeAll()
  settle()
  reckonWaits()
end
writeAll()
return reply(refused)
`;

const scripts = new Map<string, Script>();

/**
 * Judges an operation whose buckets have these strategies. A script makes all of its functions anew whenever it runs, so
 * it has no more of them than it needs. KEYS are the buckets. The argument is a list in JSON: the time or false, and
 * then what the parts expect. readDecision takes the reply apart.
 */
export function chargeScript(strategies: ReadonlySet<StrategyName>): Script {
  const names = [...strategies].toSorted();
  const id = names.join();
  const known = scripts.get(id);
  if (known !== undefined) return known;
  const input = `
local given, meta, rules, sets, runs = unpack(cjson.decode(ARGV[1]))
local now = timeOf(given)
`;
  const script = makeScript(
    clockPart + writePart + strategiesPart(names) + input + tallyPart + judgePart + main,
  );
  scripts.set(id, script);
  return script;
}
