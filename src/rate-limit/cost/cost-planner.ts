import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import {
  Budget,
  conditionVariables,
  defaultPlanLimits,
  fragmentsOf,
  keepByValues,
  type Variables,
} from '../plan/index.ts';
import { CostModel } from './cost-model.ts';
import { CostPlacer } from './cost-plan.ts';
import { evaluateCost, type OperationCost } from './evaluate-cost.ts';
import { IntrospectionSizes } from './introspection-sizes.ts';

/**
 * What an operation costs with some variables, coerced, with their defaults.
 * @throws PlanTooLarge, SizeNotGiven
 */
export type CostOf = (variables: Variables) => OperationCost;

/** Finds out what an operation of a document costs, as far as that is the same for all of its variables. */
export type CostPlanner = (document: DocumentNode, operation: OperationDefinitionNode) => CostOf;

const free: OperationCost = { cost: 0, values: 0, selections: new Map() };

/**
 * Prepares the planning of costs on a schema.
 * @param isCharged whether a limit on the field with this coordinate counts cost
 */
export function createCostPlanner(
  schema: GraphQLSchema,
  isCharged: (coordinate: string) => boolean,
): CostPlanner {
  const model = new CostModel(schema);
  const sizes = new IntrospectionSizes(schema);
  return (document, operation) => {
    const fragments = fragmentsOf(document);
    const root = schema.getRootType(operation.operation);
    if (root == null) return () => free;
    const planFor = keepByValues(conditionVariables(operation, fragments), (variables) => {
      const scope = { schema, fragments, variables, budget: new Budget(defaultPlanLimits) };
      return new CostPlacer(scope, { model, sizes, isCharged }).fromRoot(root, operation.selectionSet);
    });
    const costOf: CostOf = (variables) => evaluateCost(planFor(variables), model, variables);
    return (operation.variableDefinitions ?? []).length > 0 ? costOf : once(costOf);
  };
}

/** What costs the same each time is worked out once. */
function once(costOf: CostOf): CostOf {
  let known: OperationCost | undefined;
  return (variables) => (known ??= costOf(variables));
}
