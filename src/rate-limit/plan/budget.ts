/** Thrown where an operation asks for more than a plan may hold. The client can mend it; its message says how. */
export class PlanTooLarge extends Error {
  override readonly name = 'PlanTooLarge';
}

/** How much of an operation is planned before it is found too large. */
export interface PlanLimits {
  /** Fields and fragments, counted anew in each place that asks for them. */
  readonly maxFields: number;
  /** Selection sets inside each other: those of fields, and of the fragments around one. It bounds the recursion. */
  readonly maxDepth: number;
}

export const defaultPlanLimits: PlanLimits = { maxFields: 10_000, maxDepth: 500 };

/** Comparisons and the like that go with one field at most, on average. */
const stepsPerField = 50;

const fix = 'Ask for less, or in several operations.';

/** What one run of the planner may still do. All of its methods throw PlanTooLarge once that is used up. */
export class Budget {
  readonly #limits: PlanLimits;
  #fields = 0;
  #steps = 0;

  constructor(limits: PlanLimits) {
    this.#limits = limits;
  }

  /** Counts a field or fragment in one place. */
  countField(): void {
    this.#fields += 1;
    if (this.#fields <= this.#limits.maxFields) return;
    throw new PlanTooLarge(
      `The operation asks for more than ${this.#limits.maxFields} fields, those of a fragment counted wherever it is ` +
        `spread and those of an abstract type for each of its types. ${fix}`,
    );
  }

  /** Counts work that is far cheaper than a field. */
  countSteps(steps: number): void {
    this.#steps += steps;
    const most = this.#limits.maxFields * stepsPerField;
    if (this.#steps <= most) return;
    throw new PlanTooLarge(
      `The operation takes more than ${most} steps to plan, because of the ways in which its abstract types can be ` +
        `combined or the length of its names. ${fix}`,
    );
  }

  checkDepth(depth: number): void {
    if (depth <= this.#limits.maxDepth) return;
    throw new PlanTooLarge(
      `The operation nests more than ${this.#limits.maxDepth} selection sets, those of fragments included. ` +
        'Nest less, or ask for what lies deepest in another operation.',
    );
  }
}
