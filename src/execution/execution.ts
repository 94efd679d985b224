import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLResolveInfo,
  GraphQLSchema,
  OperationDefinitionNode,
  ResponsePath,
} from 'graphql';
import type { Variables } from './coerce-variables.ts';
import type { FieldErrors, Path } from './field-errors.ts';

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

/** What is asked of objects of one type, ready to be executed. */
export interface CompiledSelection {
  readonly fields: readonly CompiledField[];
  readonly createResults: () => Results;
}

/** What fields have come to, by their names in the response. */
export type Results = Record<string, unknown>;

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

/** One execution of a field of one object. */
export class FieldExecution {
  readonly field: Field;
  readonly execution: Execution;
  /** Where in the response it is. */
  readonly path: ResponsePath;
  #info: GraphQLResolveInfo | undefined;

  constructor(field: Field, execution: Execution, parent: Path) {
    this.field = field;
    this.execution = execution;
    this.path = { prev: parent, key: field.key, typename: field.parentType.name };
  }

  /** What resolvers are told, made for the first that asks: most fields are read without it. */
  get info(): GraphQLResolveInfo {
    const { field, execution, path } = this;
    return (this.#info ??= {
      fieldName: field.definition.name,
      fieldNodes: field.nodes,
      returnType: field.definition.type,
      parentType: field.parentType,
      path,
      schema: execution.schema,
      fragments: execution.fragments,
      rootValue: execution.rootValue,
      operation: execution.operation,
      variableValues: execution.variableValues,
    });
  }

  /** Notes what went wrong with the field, which is null then; throws it on where that must not be. */
  fail(error: unknown): null {
    const { type } = this.field.definition;
    // graphql-js does not know of several errors in one, but the engines' executor does: each is an error of the field.
    const isSeveral = error instanceof AggregateError && error.errors.length > 0;
    return this.execution.errors.fail(isSeveral ? error.errors : [error], this.field.nodes, type, this.path);
  }

  /** The same for an item of a field that is a list, with its own type and path. */
  failItem(error: unknown, type: GraphQLOutputType, path: ResponsePath): null {
    return this.execution.errors.fail([error], this.field.nodes, type, path);
  }
}

/**
 * Makes of what was returned for a field, or is an item of that, what the response has, or a promise of it. Throws what
 * is wrong with it.
 * @param path where in the response the value goes
 */
export type Complete = (at: FieldExecution, value: unknown, path: ResponsePath) => unknown;
