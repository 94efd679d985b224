import type { StrategyName } from '../../../policy.ts';
import { fixedWindow } from './fixed-window.ts';
import { slidingLog } from './sliding-log.ts';
import { slidingWindow } from './sliding-window.ts';
import { tokenBucket } from './token-bucket.ts';

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
