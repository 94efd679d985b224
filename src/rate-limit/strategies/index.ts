import type { StrategyName } from '../policy.ts';
import { fixedWindow } from './fixed-window.ts';
import { slidingLog } from './sliding-log.ts';
import { slidingWindow } from './sliding-window.ts';
import type { Strategy } from './strategy.ts';
import { tokenBucket } from './token-bucket.ts';

export { fixedWindow } from './fixed-window.ts';
export type { Level, Rule, State, Strategy, Take } from './strategy.ts';

const strategies: Readonly<Record<StrategyName, Strategy>> = {
  FIXED_WINDOW: fixedWindow,
  SLIDING_WINDOW: slidingWindow,
  SLIDING_LOG: slidingLog,
  TOKEN_BUCKET: tokenBucket,
};

/** The way of counting that a policy names. */
export function strategyOf(name: StrategyName): Strategy {
  return strategies[name];
}
