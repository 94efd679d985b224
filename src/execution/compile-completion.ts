import { type GraphQLOutputType, isAbstractType, isListType, isNonNullType, isObjectType } from 'graphql';
import { compileLeaf } from './compile-leaf.ts';
import type { Complete } from './complete.ts';
import { completeAbstract } from './complete-abstract.ts';
import { completeList } from './complete-list.ts';
import { completeObject } from './complete-object.ts';

/** Compiles how values of a type become part of the response: CompleteValue of the specification. */
export function compileCompletion(type: GraphQLOutputType): Complete {
  const complete = compilePresent(isNonNullType(type) ? type.ofType : type);
  if (!isNonNullType(type)) {
    return (at, value, path) => {
      if (value instanceof Error) throw value;
      return value == null ? null : complete(at, value, path);
    };
  }
  return (at, value, path) => {
    if (value instanceof Error) throw value;
    const completed = value == null ? null : complete(at, value, path);
    if (completed !== null) return completed;
    throw new Error(`Cannot return null for non-nullable field ${at.field.coordinate}.`);
  };
}

/** The same for what is not null. */
function compilePresent(type: GraphQLOutputType): Complete {
  if (isListType(type)) return completeList(type.ofType, compileCompletion(type.ofType));
  if (isAbstractType(type)) return completeAbstract(type);
  if (isObjectType(type)) return completeObject(type);
  const serialize = compileLeaf(type);
  return (_at, value) => serialize(value);
}
