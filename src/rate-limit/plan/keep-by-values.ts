import { PlanTooLarge } from './budget.ts';
import type { Variables } from './conditions.ts';

/** How many plans an operation keeps: one for each way in which its variables decide `@skip` and `@include`. */
const maxPlans = 64;

/** Makes one plan for all variables that agree on these, and remembers as well that it would be too large. */
export function keepByValues<Plan extends object>(
  names: readonly string[],
  plan: (variables: Variables) => Plan,
): (variables: Variables) => Plan {
  const plans = new Map<string, Plan | PlanTooLarge>();
  let only: Plan | undefined;
  return (variables) => {
    if (only !== undefined) return only;
    // As isIncluded sees them: nothing but true and false makes a difference.
    const key = names.map((name) => [true, false].findIndex((value) => value === variables[name])).join();
    const made = plans.get(key) ?? planOrProblem(plan, variables);
    if (plans.size < maxPlans) plans.set(key, made);
    if (made instanceof PlanTooLarge) throw made;
    if (names.length === 0) only = made;
    return made;
  };
}

function planOrProblem<Plan>(
  plan: (variables: Variables) => Plan,
  variables: Variables,
): Plan | PlanTooLarge {
  try {
    return plan(variables);
  } catch (error) {
    if (error instanceof PlanTooLarge) return error;
    throw error;
  }
}
