export { Budget, defaultPlanLimits, PlanTooLarge } from './budget.ts';
export { type AskedField, collectFields, type Scope, type TypeSet } from './collect.ts';
export { conditionVariables, fragmentsOf, type Variables } from './conditions.ts';
export { entriesAt } from './entries-at.ts';
export { chargesOfEntry } from './entry-charges.ts';
export { keepByValues } from './keep-by-values.ts';
export { createPlanner, type OperationPlan, type Planner } from './planner.ts';
export { type PlanEntry, type Selection, type SelectionPlan, selectionsOf } from './selection-plan.ts';
