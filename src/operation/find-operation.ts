import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type OperationTypeNode,
  print,
  separateOperations,
} from 'graphql';
import type { CostOf, CostPlanner, OperationPlan, Planner } from '../rate-limit/index.ts';
import {
  type CachePlan,
  type ChangePlan,
  operationDigest,
  planCache,
  planChanges,
  schemaDigest,
} from '../response-cache/index.ts';
import { introspectionIn } from './introspection.ts';

/** What is known of an operation before it runs. */
export interface Operation {
  readonly kind: OperationTypeNode;
  readonly definition: OperationDefinitionNode;
  /** Names it among all operations, and is equal for texts that differ in white space and comments only. */
  readonly digest: string;
  /** The names of the variables it declares. */
  readonly variableNames: readonly string[];
  /** Where it asks for the schema; undefined where it does not. */
  readonly introspection: FieldNode | undefined;
  /** Which limited fields it asks for. */
  readonly limitPlan: OperationPlan;
  /** What it costs with some variables. */
  readonly costOf: CostOf;
  /** How its answers may be kept; undefined: not at all. */
  readonly cachePlan: CachePlan | undefined;
  /** What it changes, as far as the objects that it returns show that; undefined: nothing. */
  readonly changePlan: ChangePlan | undefined;
}

export interface OperationsOptions {
  readonly schema: GraphQLSchema;
  readonly planner: Planner;
  readonly costPlanner: CostPlanner;
  /** Whether asking for a field, by its coordinate, costs something. */
  readonly isLimited: (coordinate: string) => boolean;
  /** Whether a field of the mutation type, by its coordinate, returns objects that it has not changed. */
  readonly isSilent: (coordinate: string) => boolean;
  /** Whether answers are kept at all, by default they are. */
  readonly keepsAnswers?: boolean;
}

/** @returns undefined if the document has no operation of this name, which execution reports. */
export type FindOperation = (
  document: DocumentNode,
  operationName: string | null | undefined,
) => Operation | undefined;

/** Compiles what is known of each operation once. Its node in the document is the key, so whoever parses must keep documents by text. */
export function createFindOperation(options: OperationsOptions): FindOperation {
  const ofSchema = schemaDigest(options.schema);
  const alone = memoizeAlone();
  const known = new WeakMap<OperationDefinitionNode, Operation>();
  return (document, operationName) => {
    const definition = getOperationAST(document, operationName);
    if (definition == null) return undefined;
    const operation =
      known.get(definition) ?? compile(options, ofSchema, alone(document, definition), definition);
    known.set(definition, operation);
    return operation;
  };
}

function compile(
  { schema, planner, costPlanner, keepsAnswers = true, ...rules }: OperationsOptions,
  ofSchema: string,
  alone: DocumentNode,
  definition: OperationDefinitionNode,
): Operation {
  return {
    kind: definition.operation,
    definition,
    digest: operationDigest(ofSchema, print(alone)),
    variableNames: (definition.variableDefinitions ?? [])
      .map(({ variable }) => variable.name.value)
      .toSorted(),
    introspection: introspectionIn(alone),
    limitPlan: planner(alone, definition),
    costOf: costPlanner(alone, definition),
    cachePlan: keepsAnswers ? planCache(schema, alone, definition, rules) : undefined,
    changePlan: keepsAnswers ? planChanges(schema, alone, definition, rules) : undefined,
  };
}

/** Finds an operation with the fragments it uses; a document is taken apart once, however many it has. */
function memoizeAlone(): (document: DocumentNode, definition: OperationDefinitionNode) => DocumentNode {
  const separated = new WeakMap<DocumentNode, Readonly<Record<string, DocumentNode>>>();
  return (document, { name }) => {
    const parts = separated.get(document) ?? separateOperations(document);
    separated.set(document, parts);
    return parts[name?.value ?? ''] ?? document;
  };
}
