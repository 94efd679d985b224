import type { Policy, StrategyName } from '../policy.ts';
import { fixedWindow } from './fixed-window.ts';
import { slidingLog } from './sliding-log.ts';
import type { Strategy } from './strategy.ts';

/** The strategies there are. A store keeps the state of each without looking into it, hence `unknown`. */
const strategies: Partial<Record<StrategyName, Strategy<unknown>>> = {
  FIXED_WINDOW: fixedWindow,
  SLIDING_LOG: slidingLog,
};

export const strategyNames = Object.keys(strategies);

/** A policy's way of counting. Policies that name one there is not have failed the start. */
export function strategyOf(policy: Policy): Strategy<unknown> {
  const strategy = strategies[policy.strategy];
  if (strategy === undefined)
    throw new Error(`The strategy ${policy.strategy} of "${policy.name}" is not known.`);
  return strategy;
}
