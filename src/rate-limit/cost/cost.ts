/** What an operation takes, or a part of one. */
export interface Cost {
  /** By the weights of the schema. */
  readonly cost: number;
  /** How many values the response may hold: each field of each object, and each item of a list. */
  readonly values: number;
}

export const nothing: Cost = { cost: 0, values: 0 };

const most = Number.MAX_SAFE_INTEGER;

/** Kept finite: lists of lists of lists can be as large as numbers go. */
export function atMost(units: number): number {
  return Math.min(units, most);
}

export function sum(a: Cost, b: Cost): Cost {
  return { cost: atMost(a.cost + b.cost), values: atMost(a.values + b.values) };
}

/** So many times the cost. */
export function times(count: number, { cost, values }: Cost): Cost {
  return { cost: atMost(count * cost), values: atMost(count * values) };
}

/** At least as much as either. */
export function larger(a: Cost, b: Cost): Cost {
  return { cost: Math.max(a.cost, b.cost), values: Math.max(a.values, b.values) };
}
