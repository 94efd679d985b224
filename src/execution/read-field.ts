import { type GraphQLLeafType, isNonNullType } from 'graphql';
import { compileLeaf } from './compile-leaf.ts';
import type { ExecuteField, Field } from './compiled.ts';
import type { Complete } from './complete.ts';
import { completeField } from './complete-field.ts';
import { failField } from './fail-field.ts';
import { FieldExecution } from './field-execution.ts';
import { isObject, isPromise } from './is-promise.ts';

/** The execution of a field without a resolver and arguments: a property of the object, or what a method returns. */
export function readField(field: Field, complete: Complete): ExecuteField {
  const { name } = field.definition;
  return (execution, source, parent) => {
    const at = new FieldExecution(field, execution, parent);
    try {
      return completeRead(at, complete, source, isObject(source) ? source[name] : undefined);
    } catch (error) {
      return failField(at, error);
    }
  };
}

/** The same for a scalar or an enum, where mostly there is no more to it than the property. */
export function readLeaf(field: Field, leaf: GraphQLLeafType, complete: Complete): ExecuteField {
  const { name, type } = field.definition;
  const isNullable = !isNonNullType(type);
  const serialize = compileLeaf(leaf);
  return (execution, source, parent) => {
    const fail = (error: unknown): null => failField(new FieldExecution(field, execution, parent), error);
    try {
      const value = isObject(source) ? source[name] : undefined;
      if (value == null && isNullable) return null;
      if (value == null || typeof value === 'object' || typeof value === 'function') {
        return completeRead(new FieldExecution(field, execution, parent), complete, source, value);
      }
      const serialized = serialize(value);
      return isPromise(serialized) ? serialized.then(undefined, fail) : serialized;
    } catch (error) {
      return fail(error);
    }
  };
}

function completeRead(at: FieldExecution, complete: Complete, source: unknown, value: unknown): unknown {
  if (typeof value !== 'function') return completeField(at, complete, value);
  // Asked for again, as graphql-js does: it is to be called as a method.
  const methods = source as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
  const { info } = at;
  return completeField(at, complete, methods[info.fieldName]?.({}, at.execution.contextValue, info));
}
