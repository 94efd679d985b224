import {
  assertValidSchema,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { coerceVariables } from './coerce-variables.ts';
import { executeOperation } from './execute-operation.ts';
import { FieldErrors } from './field-errors.ts';
import { HotOperation } from './hot-operation.ts';
import { outlineOf } from './outline.ts';

/**
 * Executes an operation as `execute` of graphql-js does, or leaves it to another executor: what that returns is
 * returned then.
 */
export type CompiledExecute = <Result>(
  args: ExecutionArgs,
  fallback: (args: ExecutionArgs) => Result,
) => Result | ExecutionResult | PromiseLike<ExecutionResult>;

/** An operation that is compiled, has been executed once, or is never going to be compiled. */
type State = HotOperation | 'once' | 'never';

/** The operations of a document, by their names. */
type Operations = Map<string | undefined, State>;

/** With more variables in `@skip` and `@include` the ways in which they can decide would be too many to be numbered. */
const mostConditions = 30;

/**
 * Makes an executor that compiles what is executed for the second time: doing that the first time costs up to twice what
 * an execution does. It leaves to others, besides that, subscriptions, `@defer` and `@stream`, resolvers that come with
 * the execution, executions that can be cancelled, and requests that are wrong. What is compiled lives as long as the
 * document does. Throws if the schema is not valid.
 */
export function createExecute(schema: GraphQLSchema): CompiledExecute {
  assertValidSchema(schema);
  const documents = new WeakMap<DocumentNode, Operations>();
  return (args, fallback) => {
    const operation = isPlain(args, schema) ? find(schema, documents, args) : undefined;
    if (operation === undefined) return fallback(args);
    const { rootValue, contextValue } = args;
    const { definition, fragments } = operation;
    const { values: variableValues } = coerceVariables(schema, definition, args.variableValues ?? {});
    // Whoever executes it will find the same wrong with them.
    if (variableValues === undefined) return fallback(args);
    return executeOperation(operation, {
      schema,
      fragments,
      operation: definition,
      rootValue,
      contextValue,
      variableValues,
      errors: new FieldErrors(),
    });
  };
}

/** The operation to execute, if that is compiled or is to be compiled now. */
function find(
  schema: GraphQLSchema,
  documents: WeakMap<DocumentNode, Operations>,
  { document, operationName }: ExecutionArgs,
): HotOperation | undefined {
  const name = operationName ?? undefined;
  const operations = documents.get(document) ?? new Map<string | undefined, State>();
  const known = operations.get(name);
  if (known instanceof HotOperation && !known.isTooLarge) return known;
  if (known === 'never') return undefined;
  const definition = getOperationAST(document, name);
  // Names that a document does not have would never end.
  if (definition == null) return undefined;
  const state =
    known === undefined ? 'once' : known === 'once' ? heat(schema, document, definition) : 'never';
  documents.set(document, operations.set(name, state));
  return state instanceof HotOperation ? state : undefined;
}

function heat(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): HotOperation | 'never' {
  const root = schema.getRootType(definition.operation);
  if (root == null || definition.operation === OperationTypeNode.SUBSCRIPTION) return 'never';
  const outline = outlineOf(document);
  if (outline.isIncremental || outline.conditions.length > mostConditions) return 'never';
  return new HotOperation(definition, root, outline);
}

function isPlain(args: ExecutionArgs & { readonly signal?: unknown }, schema: GraphQLSchema): boolean {
  return (
    args.schema === schema && args.fieldResolver == null && args.typeResolver == null && args.signal == null
  );
}
