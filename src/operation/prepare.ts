import {
  getOperationAST,
  print,
  separateOperations,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type OperationTypeNode,
} from 'graphql';
import type { PolicyTable } from '../rate-limit/policy.ts';
import { planCache, type CachePlan } from '../response-cache/plan.ts';

/** What is known of an operation before it runs. */
export interface Operation {
  readonly kind: OperationTypeNode;
  /** The operation alone with the fragments it uses, printed: equal for texts that differ in white space and comments. */
  readonly canonical: string;
  /** The names of the variables it declares. */
  readonly variables: readonly string[];
  /** How its answers may be kept; undefined: not at all. */
  readonly cache: CachePlan | undefined;
}

/** @returns undefined if the document has no operation of this name, which execution reports. */
export type Prepare = (
  document: DocumentNode,
  operationName: string | null | undefined,
) => Operation | undefined;

/**
 * Prepares each operation once. Its node in the document is the key, so whoever parses must keep documents by text.
 * Answers of operations with limited fields are not kept: a limit is charged where the field is resolved, and an
 * answer that costs nothing would be a way round it.
 */
export function createPrepare(schema: GraphQLSchema, limits: PolicyTable): Prepare {
  const known = new WeakMap<OperationDefinitionNode, Operation>();
  return (document, operationName) => {
    const definition = getOperationAST(document, operationName);
    if (definition == null) return undefined;
    const operation = known.get(definition) ?? prepare(schema, limits, document, definition);
    known.set(definition, operation);
    return operation;
  };
}

function prepare(
  schema: GraphQLSchema,
  limits: PolicyTable,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): Operation {
  const alone = separateOperations(document)[definition.name?.value ?? ''] ?? document;
  const cache = planCache(schema, alone, definition.operation);
  const isLimited = cache !== undefined && [...cache.tags].some((tag) => limits.has(tag));
  return {
    kind: definition.operation,
    canonical: print(alone),
    variables: (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value).toSorted(),
    cache: isLimited ? undefined : cache,
  };
}
