import type { StrategyName } from '../../../policy.ts';
import { fixedWindow } from './fixed-window.ts';
import { slidingLog } from './sliding-log.ts';
import { slidingWindow } from './sliding-window.ts';
import { tokenBucket } from './token-bucket.ts';

export { judgePart } from './judge.ts';
export { tallyPart } from './tally.ts';

/** The strategies in Lua: each defines `take`, `giveBack`, `level` and `expiresAt`. */
export const strategyScripts: Readonly<Record<StrategyName, string>> = {
  FIXED_WINDOW: fixedWindow,
  SLIDING_WINDOW: slidingWindow,
  SLIDING_LOG: slidingLog,
  TOKEN_BUCKET: tokenBucket,
};

/** How scripts are told of a strategy. */
export const strategyNumbers: Readonly<Record<StrategyName, number>> = {
  FIXED_WINDOW: 1,
  SLIDING_WINDOW: 2,
  SLIDING_LOG: 3,
  TOKEN_BUCKET: 4,
};

export const strategyNames: readonly StrategyName[] = [
  'FIXED_WINDOW',
  'SLIDING_WINDOW',
  'SLIDING_LOG',
  'TOKEN_BUCKET',
];

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
