import type { StrategyName } from '../../policy.ts';
import { strategyNumbers, strategyScripts } from './strategies/index.ts';

/** The time in milliseconds since the epoch: the server's, unless a test gives its own. */
export const clockPart = `
local function timeOf(given)
  if given then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/** Keeps a bucket for as long as it says anything; `false` stands for one that is not in use. */
export const writePart = `
local function write(key, before, after, expires, now)
  if not after or expires <= now then
    if before then redis.call('DEL', key) end
  elseif after ~= before then
    redis.call('SET', key, after, 'PX', expires - now)
  end
end
`;

/** The strategies with these names, by their numbers. */
export function strategiesPart(names: readonly StrategyName[]): string {
  const blocks = names.map(
    (name) => `do
${strategyScripts[name]}
strategies[${strategyNumbers[name]}] = { take = take, giveBack = giveBack, level = level, expiresAt = expiresAt }
end
`,
  );
  return `local strategies = {}\n${blocks.join('')}`;
}
