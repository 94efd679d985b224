export { PlanTooLarge } from './budget.ts';
export type { Variables } from './conditions.ts';
export { entriesAt } from './entries-at.ts';
export { chargesOfEntry } from './entry-charges.ts';
export { createPlanner, type OperationPlan, type Planner } from './planner.ts';
export { selectionsOf, type PlanEntry, type Selection, type SelectionPlan } from './selection-plan.ts';
