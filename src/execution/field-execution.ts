import type { GraphQLResolveInfo, ResponsePath } from 'graphql';
import type { Field } from './compiled.ts';
import type { Execution, Path } from './execution.ts';

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
}
