import { askFor } from './ask.ts';
import type { Contender } from './contenders.ts';
import type { Load } from './load.ts';
import { orderOf } from './order.ts';
import { operationsOf, type Scenario } from './scenarios.ts';

/** How many requests are under way at a time. */
export const connections = 32;

/** What a scenario asks of a server, whose URL is given. */
export function loadOn(
  url: string,
  contender: Contender,
  scenario: Scenario,
  token: string,
): Omit<Load, 'seconds' | 'prefix'> {
  return {
    url,
    asks: operationsOf(scenario).map((operation) => askFor(operation, contender.style, token)),
    order: orderOf(Object.values(scenario.mix)),
    expected: scenario.isRejected === true ? contender.rejectsBy : 'success',
    connections,
  };
}
