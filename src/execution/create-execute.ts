import {
  assertValidSchema,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  type GraphQLSchema,
  OperationTypeNode,
} from 'graphql';
import { type CoercedVariables, coerceVariables, valuesFor } from './coerce-variables.ts';
import { type CompiledOperation, compileOperation } from './compile-operation.ts';
import { executeOperation } from './execute-operation.ts';
import type { Stop } from './execution.ts';
import { FieldErrors } from './field-errors.ts';
import { leave } from './leave.ts';

/**
 * Executes an operation as `execute` of graphql-js does, or leaves it to another executor: what that returns is
 * returned then.
 * @param stop what ends the execution
 * @param coerced the variables, where they are known; whether they are those of the operation is found out
 */
type CompiledExecute = <Result>(
  args: ExecutionArgs,
  fallback: (args: ExecutionArgs) => Result,
  coerced?: CoercedVariables,
  stop?: Stop,
) => Result | ExecutionResult | PromiseLike<ExecutionResult>;

/** An operation that is compiled, has been executed once, or is never going to be compiled. */
type State = CompiledOperation | 'once' | 'never';

/** The operations of a document, by their names. */
type Operations = Map<string | undefined, State>;

/**
 * Makes an executor that compiles what is executed for the second time, and mutations at once: doing that the first time costs up to twice what
 * an execution does. It leaves to others, besides that, subscriptions, `@defer` and `@stream`, resolvers that come with
 * the execution, executions that can be cancelled, and requests that are wrong. What is compiled lives as long as the
 * document does. Throws if the schema is not valid.
 */
export function createExecute(schema: GraphQLSchema, compiles = true): CompiledExecute {
  assertValidSchema(schema);
  const documents = new WeakMap<DocumentNode, Operations>();
  return (args, fallback, coerced, stop) => {
    const operation = compiles && isPlain(args, schema) ? find(schema, documents, args) : undefined;
    if (operation === undefined) return leave(args, fallback, stop);
    const { rootValue, contextValue } = args;
    const { definition, fragments } = operation;
    const raw = args.variableValues ?? {};
    const variableValues =
      (coerced && valuesFor(coerced, definition, raw)) ?? coerceVariables(schema, definition, raw).values;
    // Whoever executes it will find the same wrong with them.
    if (variableValues === undefined) return leave(args, fallback, stop);
    return executeOperation(operation, {
      schema,
      fragments,
      operation: definition,
      rootValue,
      contextValue,
      variableValues,
      errors: new FieldErrors(),
      stop,
    });
  };
}

/** The operation to execute, if that is compiled or is to be compiled now. */
function find(
  schema: GraphQLSchema,
  documents: WeakMap<DocumentNode, Operations>,
  { document, operationName }: ExecutionArgs,
): CompiledOperation | undefined {
  const name = operationName ?? undefined;
  const operations = documents.get(document) ?? new Map<string | undefined, State>();
  const known = operations.get(name);
  if (typeof known === 'object' && !known.isTooLarge) return known;
  if (known === 'never') return undefined;
  const definition = getOperationAST(document, name);
  // Names that a document does not have would never end.
  if (definition == null) return undefined;
  // What has begun of a mutation must be finished, which the engines' executor does not do for one that is ended.
  const isFirst = known === undefined && definition.operation !== OperationTypeNode.MUTATION;
  const isDue = known === 'once' || (known === undefined && !isFirst);
  const compiled = isDue ? compileOperation(schema, document, definition) : undefined;
  documents.set(document, operations.set(name, compiled ?? (isFirst ? 'once' : 'never')));
  return compiled;
}

function isPlain(args: ExecutionArgs & { readonly signal?: unknown }, schema: GraphQLSchema): boolean {
  return (
    args.schema === schema && args.fieldResolver == null && args.typeResolver == null && args.signal == null
  );
}
