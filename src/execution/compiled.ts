import type { FieldNode, GraphQLField, GraphQLObjectType } from 'graphql';
import type { Execution, Path } from './execution.ts';

/** What fields have come to, by their names in the response. */
export type Results = Record<string, unknown>;

/** What is asked of objects of one type, ready to be executed. */
export interface CompiledSelection {
  readonly fields: readonly CompiledField[];
  readonly createResults: () => Results;
}

export interface CompiledField {
  /** Its name in the response. */
  readonly key: string;
  readonly execute: ExecuteField;
}

/** Executes a field of an object. Gives its result or a promise of it; fails where it would be null and may not be. */
export type ExecuteField = (execution: Execution, source: unknown, parent: Path) => unknown;

/** A field as an operation asks for it. */
export interface Field {
  /** Its name in the response. */
  readonly key: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  /** Its coordinate in the schema. */
  readonly coordinate: string;
  /** Where it is asked for: at several places that are merged. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  /** Compiles what is asked of objects below it. Throws what is wrong with `@skip` and `@include` there. */
  readonly select: (execution: Execution, type: GraphQLObjectType) => CompiledSelection;
}
