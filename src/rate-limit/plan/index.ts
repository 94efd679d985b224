export { PlanTooLarge } from './budget.ts';
export type { Variables } from './conditions.ts';
export { entriesAt } from './entries-at.ts';
export { chargesOfEntry } from './entry-charges.ts';
export { createPlanner, type OperationPlan, type Planner } from './planner.ts';
export { type PlanEntry, type Selection, type SelectionPlan, selectionsOf } from './selection-plan.ts';
