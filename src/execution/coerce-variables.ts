import { getVariableValues } from '@graphql-tools/executor';
import type { GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';

/** Coerced, with their defaults. */
export type Variables = Record<string, unknown>;

/** As they were sent. */
type RawVariables = Readonly<Record<string, unknown>>;

/** The variables of an operation, and what they were coerced from. */
export interface CoercedVariables {
  readonly values: Variables;
  readonly definitions: OperationDefinitionNode['variableDefinitions'];
  readonly raw: RawVariables;
  readonly errors?: undefined;
}

/** The variables of an operation, or what is wrong with them. */
type Coercion = CoercedVariables | { readonly values?: undefined; readonly errors: readonly GraphQLError[] };

/** Each is told with the whole value that it is about. */
const mostErrors = 10;

/** Coerces the variables of an operation: an object of its own each time. */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions: definitions }: OperationDefinitionNode,
  raw: RawVariables,
): Coercion {
  if (definitions === undefined || definitions.length === 0) return { values: {}, definitions, raw };
  // By the function of the engines' executor: graphql-js makes something else of a variable that is named __proto__.
  const { variableValues, errors } = getVariableValues(schema, definitions, raw, { maxErrors: mostErrors });
  return errors === undefined ? { values: variableValues.coerced, definitions, raw } : { errors };
}

/**
 * The values of variables that were coerced before an operation is executed: an object of its own for each execution.
 * Undefined where they were coerced from anything else than what is executed.
 */
export function valuesFor(
  coerced: CoercedVariables,
  { variableDefinitions: definitions }: OperationDefinitionNode,
  raw: RawVariables,
): Variables | undefined {
  // Whoever rewrites an operation leaves the definitions of its variables as they are.
  return coerced.definitions === definitions && coerced.raw === raw ? { ...coerced.values } : undefined;
}
