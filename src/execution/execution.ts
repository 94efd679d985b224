import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode, ResponsePath } from 'graphql';
import type { FieldErrors } from './field-errors.ts';

/** Where in the response something is; undefined: at its root. */
export type Path = ResponsePath | undefined;

/** Coerced, with their defaults. */
export type Variables = Record<string, unknown>;

/** One execution of an operation: what is the same for all of its fields. */
export interface Execution {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variableValues: Variables;
  readonly errors: FieldErrors;
}
