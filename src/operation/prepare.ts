import {
  getOperationAST,
  print,
  separateOperations,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import type { OperationPlan, Planner } from '../rate-limit/plan/planner.ts';
import { planCache, type CachePlan } from '../response-cache/plan.ts';

/** What is known of an operation before it runs. */
export interface Operation {
  readonly kind: OperationTypeNode;
  readonly definition: OperationDefinitionNode;
  /** The operation alone with the fragments it uses, printed: equal for texts that differ in white space and comments. */
  readonly canonical: string;
  /** The names of the variables it declares. */
  readonly variables: readonly string[];
  /** Which limited fields it asks for. */
  readonly plan: OperationPlan;
  /** How its answers may be kept; undefined: not at all. */
  readonly cache: CachePlan | undefined;
}

/** @returns undefined if the document has no operation of this name, which execution reports. */
export type Prepare = (
  document: DocumentNode,
  operationName: string | null | undefined,
) => Operation | undefined;

/** Prepares each operation once. Its node in the document is the key, so whoever parses must keep documents by text. */
export function createPrepare(schema: GraphQLSchema, planner: Planner): Prepare {
  const known = new WeakMap<OperationDefinitionNode, Operation>();
  return (document, operationName) => {
    const definition = getOperationAST(document, operationName);
    if (definition == null) return undefined;
    const operation = known.get(definition) ?? prepare(schema, planner, document, definition);
    known.set(definition, operation);
    return operation;
  };
}

function prepare(
  schema: GraphQLSchema,
  planner: Planner,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): Operation {
  const alone = separateOperations(document)[definition.name?.value ?? ''] ?? document;
  return {
    kind: definition.operation,
    definition,
    canonical: print(alone),
    variables: (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value).toSorted(),
    plan: planner(alone, definition),
    cache: planCache(schema, alone, definition.operation),
  };
}
