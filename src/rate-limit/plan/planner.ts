import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { Budget, defaultPlanLimits, type PlanLimits, PlanTooLarge } from './budget.ts';
import type { BucketNames } from './choices.ts';
import { conditionVariables, type Fragments, type Variables } from './conditions.ts';
import { formEntries } from './form-entries.ts';
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

/** How many plans an operation keeps: one for each way in which its variables decide `@skip` and `@include`. */
const maxPlans = 64;

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

function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter(
    (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** Makes one plan for all variables that agree on these, and remembers as well that it would be too large. */
function keepByValues(
  names: readonly string[],
  plan: OperationPlan['selections'],
): OperationPlan['selections'] {
  const plans = new Map<string, SelectionPlan | PlanTooLarge>();
  let only: SelectionPlan | undefined;
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

function planOrProblem(
  plan: OperationPlan['selections'],
  variables: Variables,
): SelectionPlan | PlanTooLarge {
  try {
    return plan(variables);
  } catch (error) {
    if (error instanceof PlanTooLarge) return error;
    throw error;
  }
}
