export { checkCost } from './check-cost.ts';
export { selectionKey } from './cost-plan.ts';
export { type CostOf, type CostPlanner, createCostPlanner } from './cost-planner.ts';
export { type OperationCost, SizeNotGiven } from './evaluate-cost.ts';
