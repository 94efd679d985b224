import type { GraphQLFieldResolver } from 'graphql';
import { compileArguments } from './compile-arguments.ts';
import type { ExecuteField, Field } from './compiled.ts';
import type { Complete } from './complete.ts';
import { completeField } from './complete-field.ts';
import { failField } from './fail-field.ts';
import { FieldExecution } from './field-execution.ts';

/** The execution of a field by its resolver. */
export function resolveField(
  field: Field,
  resolve: GraphQLFieldResolver<unknown, unknown>,
  complete: Complete,
): ExecuteField {
  const argumentsOf = compileArguments(field.definition, field.nodes[0]);
  return (execution, source, parent) => {
    const at = new FieldExecution(field, execution, parent);
    try {
      const args = argumentsOf(execution.variableValues);
      return completeField(at, complete, resolve(source, args, execution.contextValue, at.info));
    } catch (error) {
      return failField(at, error);
    }
  };
}
