import {
  defaultFieldResolver,
  getNullableType,
  type GraphQLFieldResolver,
  type GraphQLLeafType,
  isLeafType,
  isNonNullType,
} from 'graphql';
import { compileArguments } from './compile-arguments.ts';
import { compileCompletion, compileLeaf } from './compile-completion.ts';
import { type Complete, type ExecuteField, type Field, FieldExecution, haltOf } from './execution.ts';
import { isObject, isPromise } from './is-promise.ts';

/** Compiles the execution of a field: ExecuteField of the specification. */
export function compileField(field: Field): ExecuteField {
  const { resolve = defaultFieldResolver, args, type } = field.definition;
  const complete = compileCompletion(type);
  if (resolve !== defaultFieldResolver || args.length > 0) return resolveField(field, resolve, complete);
  const nullable = getNullableType(type);
  return isLeafType(nullable) ? readLeaf(field, nullable, complete) : readField(field, complete);
}

/** The execution of a field by its resolver. */
function resolveField(
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
      return at.fail(error);
    }
  };
}

/** The execution of a field without a resolver and arguments: a property of the object, or what a method returns. */
function readField(field: Field, complete: Complete): ExecuteField {
  const { name } = field.definition;
  return (execution, source, parent) => {
    const at = new FieldExecution(field, execution, parent);
    try {
      return completeRead(at, complete, source, propertyOf(source, name));
    } catch (error) {
      return at.fail(error);
    }
  };
}

/** The same for a scalar or an enum, where mostly there is no more to it than the property. */
function readLeaf(field: Field, leaf: GraphQLLeafType, complete: Complete): ExecuteField {
  const { name, type } = field.definition;
  const isNullable = !isNonNullType(type);
  const serialize = compileLeaf(leaf);
  return (execution, source, parent) => {
    const fail = (error: unknown): null => new FieldExecution(field, execution, parent).fail(error);
    try {
      const value = propertyOf(source, name);
      if (value == null && isNullable) return null;
      if (value == null || typeof value === 'object' || typeof value === 'function') {
        return completeRead(new FieldExecution(field, execution, parent), complete, source, value);
      }
      if (typeof value === 'string') execution.stop?.spend(value.length);
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

/** Completes what was returned for a field, once it is there. Throws what is wrong with it before that. */
function completeField(at: FieldExecution, complete: Complete, value: unknown): unknown {
  const { path } = at;
  const completed = isPromise(value)
    ? value.then((resolved) => {
        const halt = haltOf(at.execution);
        if (halt !== undefined) throw halt;
        return complete(at, resolved, path);
      })
    : complete(at, value, path);
  return isPromise(completed) ? completed.then(undefined, (error: unknown) => at.fail(error)) : completed;
}

/** What graphql-js's own resolver takes for the property of a value. */
function propertyOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}
