import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isNonNullType,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ResponsePath,
} from 'graphql';
import type { Variables } from './coerce-variables.ts';
import type { FieldErrors, Path } from './field-errors.ts';

/** What an execution goes by to end before it is done. */
export interface Stop {
  /** Why nothing more is to be begun; undefined while it goes on. */
  readonly reason: GraphQLError | undefined;
  /** What resolvers are given to know of it. */
  readonly signal: AbortSignal;
  /** Notes that the response will have at least so many bytes more. */
  spend(bytes: number): void;
}

/** One execution of an operation: what is the same for all of its fields. */
export interface Execution {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly operation: OperationDefinitionNode;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  readonly variableValues: Variables;
  readonly errors: FieldErrors;
  /** Undefined where nothing ends it. */
  readonly stop?: Stop | undefined;
}

/**
 * Why nothing more of an execution is to be begun, not even below what has been; undefined while it goes on. A field of
 * a mutation that has begun is finished: it may have had its effect already.
 */
export function haltOf({ stop, operation }: Execution): GraphQLError | undefined {
  const reason = stop?.reason;
  return reason === undefined || operation.operation === OperationTypeNode.MUTATION ? undefined : reason;
}

/** What is asked of objects of one type, ready to be executed. */
export interface CompiledSelection {
  readonly fields: readonly CompiledField[];
  readonly createResults: () => Results;
  /** How many bytes the names of an object's fields take in the response. */
  readonly bytes: number;
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
    return (this.#info ??= new FieldInfo(this.field, this.execution, this.path));
  }

  /** Notes what went wrong with the field, which is null then; throws it on where that must not be. */
  fail(error: unknown): null {
    const { type } = this.field.definition;
    const halt = haltOf(this.execution);
    if (halt !== undefined) return halted(halt, type);
    // graphql-js does not know of several errors in one, but the engines' executor does: each is an error of the field.
    const isSeveral = error instanceof AggregateError && error.errors.length > 0;
    return this.execution.errors.fail(isSeveral ? error.errors : [error], this.field.nodes, type, this.path);
  }

  /** The same for an item of a field that is a list, with its own type and path. */
  failItem(error: unknown, type: GraphQLOutputType, path: ResponsePath): null {
    const halt = haltOf(this.execution);
    if (halt !== undefined) return halted(halt, type);
    return this.execution.errors.fail([error], this.field.nodes, type, path);
  }
}

/** Nobody will see what has failed once an execution has ended, and there may be very much of it. */
function halted(reason: Error, type: GraphQLOutputType): null {
  if (isNonNullType(type)) throw reason;
  return null;
}

/** What resolvers are told, as the engines' executor tells it: with a signal, which is made for the first that asks. */
class FieldInfo implements GraphQLResolveInfo {
  readonly fieldName: string;
  readonly fieldNodes: GraphQLResolveInfo['fieldNodes'];
  readonly returnType: GraphQLOutputType;
  readonly parentType: GraphQLObjectType;
  readonly path: ResponsePath;
  readonly schema: GraphQLSchema;
  readonly fragments: GraphQLResolveInfo['fragments'];
  readonly rootValue: unknown;
  readonly operation: OperationDefinitionNode;
  readonly variableValues: Variables;
  readonly #stop: Stop | undefined;

  constructor({ definition, nodes, parentType }: Field, execution: Execution, path: ResponsePath) {
    this.fieldName = definition.name;
    this.fieldNodes = nodes;
    this.returnType = definition.type;
    this.parentType = parentType;
    this.path = path;
    this.schema = execution.schema;
    this.fragments = execution.fragments;
    this.rootValue = execution.rootValue;
    this.operation = execution.operation;
    this.variableValues = execution.variableValues;
    this.#stop = execution.stop;
  }

  get signal(): AbortSignal | undefined {
    return this.#stop?.signal;
  }

  getAbortSignal(): AbortSignal | undefined {
    return this.#stop?.signal;
  }
}

/**
 * Makes of what was returned for a field, or is an item of that, what the response has, or a promise of it. Throws what
 * is wrong with it.
 * @param path where in the response the value goes
 */
export type Complete = (at: FieldExecution, value: unknown, path: ResponsePath) => unknown;
