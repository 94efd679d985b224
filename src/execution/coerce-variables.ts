import { getVariableValues } from '@graphql-tools/executor';
import type { GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Variables } from './execution.ts';

type RawVariables = Readonly<Record<string, unknown>>;

/** The variables of an operation with their defaults, or what is wrong with them. */
export type Coercion =
  | { readonly values: Variables; readonly errors?: undefined }
  | { readonly values?: undefined; readonly errors: readonly GraphQLError[] };

interface Ahead {
  readonly schema: GraphQLSchema;
  readonly definitions: OperationDefinitionNode['variableDefinitions'];
  readonly coercion: Coercion;
}

const ahead = new WeakMap<RawVariables, Ahead>();

/** Coerces variables for whoever wants to know them before the operation is executed, which then need not do it again. */
export function coerceAhead(
  schema: GraphQLSchema,
  { variableDefinitions: definitions }: OperationDefinitionNode,
  raw: RawVariables,
): Coercion {
  const coercion = coerce(schema, definitions, raw);
  // There is nothing to be done again.
  if (definitions === undefined || definitions.length === 0) return coercion;
  ahead.set(raw, { schema, definitions, coercion });
  return coercion;
}

/** Coerces the variables of an operation that is executed: an object of its own for each execution. */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions: definitions }: OperationDefinitionNode,
  raw: RawVariables,
): Coercion {
  const known = ahead.get(raw);
  // Whoever rewrites an operation leaves the definitions of its variables as they are.
  if (known?.schema !== schema || known.definitions !== definitions) return coerce(schema, definitions, raw);
  ahead.delete(raw);
  return known.coercion;
}

function coerce(schema: GraphQLSchema, definitions: Ahead['definitions'], raw: RawVariables): Coercion {
  if (definitions === undefined || definitions.length === 0) return { values: {} };
  // By the function of the servers' executor: graphql-js makes something else of a variable that is named __proto__.
  const { variableValues, errors } = getVariableValues(schema, definitions, raw, { maxErrors: 1 });
  return errors === undefined ? { values: variableValues.coerced } : { errors };
}
