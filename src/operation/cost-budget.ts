import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import type { OperationCost } from '../rate-limit/index.ts';

/** What the operations of one request may cost together, known before they run. */
export interface CostBounds {
  /** By `@cost` and `@listSize`. */
  readonly maxCost: number;
  /** How many values the response may hold. */
  readonly maxValues: number;
}

type Taken = Pick<OperationCost, 'cost' | 'values'>;

/** What the operations of one request may still cost: they take from it in their order. */
export class CostBudget {
  readonly #bounds: CostBounds;
  #cost = 0;
  #values = 0;

  constructor(bounds: CostBounds) {
    this.#bounds = bounds;
  }

  /** Takes what an operation costs. Where that is more than is left it takes nothing, and says why. */
  take({ cost, values }: Taken): GraphQLError | undefined {
    const { maxCost, maxValues } = this.#bounds;
    if (this.#cost + cost > maxCost) return exceeded(byCost, cost, this.#cost, maxCost);
    if (this.#values + values > maxValues) return exceeded(byValues, values, this.#values, maxValues);
    this.#cost += cost;
    this.#values += values;
    return undefined;
  }
}

/** What is bounded, in words, and by which variable. */
interface Bounded {
  readonly unit: string;
  readonly variable: string;
}

const byCost: Bounded = { unit: 'units of cost', variable: 'MAX_COST' };
const byValues: Bounded = { unit: 'values in the response', variable: 'MAX_VALUES' };

function exceeded({ unit, variable }: Bounded, asked: number, before: number, limit: number): GraphQLError {
  const cost = Math.ceil(asked);
  const others = before === 0 ? '' : `, after ${Math.ceil(before)} of the operations before it in the batch`;
  return clientError(
    'COST_EXCEEDED',
    `The operation takes up to ${cost} ${unit}${others}, and a request may take ${limit} (${variable}). ` +
      'Ask for shorter lists, for less of each item, or in several requests.',
    { cost, limit, bound: variable },
  );
}
