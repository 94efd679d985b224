import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Budget, defaultPlanLimits, type PlanLimits } from './budget.ts';
import type { BucketNames } from './choices.ts';
import { conditionVariables, fragmentsOf, type Variables } from './conditions.ts';
import { formEntries } from './form-entries.ts';
import { keepByValues } from './keep-by-values.ts';
import { PlaceBuilder } from './places.ts';
import { findRelevantFields } from './relevant-fields.ts';
import type { SelectionPlan } from './selection-plan.ts';

/** Which limited fields one operation asks for. */
export interface OperationPlan {
  /**
   * @param variables coerced, with their defaults
   * @throws PlanTooLarge
   */
  selections(variables: Variables): SelectionPlan;
}

/**
 * Plans an operation of a document, once and for all of its variables. The document is valid for the schema; of one
 * that is not, what makes no sense is left out.
 */
export type Planner = (document: DocumentNode, operation: OperationDefinitionNode) => OperationPlan;

/**
 * Prepares the planning of operations on a schema.
 * @param limited the schema coordinates, on object types, of the fields with limits
 * @param bucketNames what the buckets of a limited field are called; fields with a name in common share a bucket
 */
export function createPlanner(
  schema: GraphQLSchema,
  limited: ReadonlySet<string>,
  bucketNames: BucketNames,
  limits: PlanLimits = defaultPlanLimits,
): Planner {
  const relevant = findRelevantFields(schema, limited);
  return (document, operation) => {
    const fragments = fragmentsOf(document);
    const conditions = conditionVariables(operation, fragments);
    const root = schema.getRootType(operation.operation);
    const plan = (variables: Variables): SelectionPlan => {
      if (root == null) return { entries: [], roots: [] };
      const budget = new Budget(limits);
      const scope = { schema, fragments, variables, budget };
      const { place, roots } = new PlaceBuilder(scope, relevant).fromRoot(root, operation.selectionSet);
      return { entries: formEntries(place, bucketNames, budget), roots };
    };
    return { selections: keepByValues(conditions, plan) };
  };
}
