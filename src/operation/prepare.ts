import {
  getOperationAST,
  print,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
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

export type Prepare = (
  document: DocumentNode,
  operationName: string | null | undefined,
) => Operation | undefined;

/**
 * Prepares operations once for each document. The documents are the keys, so whoever parses must keep them by text.
 * Answers of operations with limited fields are not kept: a limit is charged where the field is resolved, and an
 * answer that costs nothing would be a way round it.
 */
export function createPrepare(schema: GraphQLSchema, limits: PolicyTable): Prepare {
  const known = new WeakMap<DocumentNode, Map<string, Operation | undefined>>();
  return (document, operationName) => {
    const byName = known.get(document) ?? new Map<string, Operation | undefined>();
    known.set(document, byName);
    const name = operationName ?? '';
    if (!byName.has(name)) byName.set(name, prepare(schema, limits, document, operationName));
    return byName.get(name);
  };
}

/** @returns undefined if the document has no operation of this name, which execution reports. */
function prepare(
  schema: GraphQLSchema,
  limits: PolicyTable,
  document: DocumentNode,
  operationName: string | null | undefined,
): Operation | undefined {
  const definition = getOperationAST(document, operationName);
  const alone = separateOperations(document)[definition?.name?.value ?? ''];
  if (definition == null || alone === undefined) return undefined;
  const limited = [...coordinatesIn(schema, alone)].some((coordinate) => limits.has(coordinate));
  return {
    kind: definition.operation,
    canonical: print(alone),
    variables: (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value).toSorted(),
    cache: limited ? undefined : planCache(schema, alone, definition.operation),
  };
}

function coordinatesIn(schema: GraphQLSchema, document: DocumentNode): Set<string> {
  const coordinates = new Set<string>();
  const typeInfo = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType();
        if (parent != null) coordinates.add(`${parent.name}.${node.name.value}`);
      },
    }),
  );
  return coordinates;
}
