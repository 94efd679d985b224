import { defaultFieldResolver, getNullableType, isLeafType } from 'graphql';
import { compileCompletion } from './compile-completion.ts';
import type { ExecuteField, Field } from './compiled.ts';
import { readField, readLeaf } from './read-field.ts';
import { resolveField } from './resolve-field.ts';

/** Compiles the execution of a field: ExecuteField of the specification. */
export function compileField(field: Field): ExecuteField {
  const { resolve = defaultFieldResolver, args, type } = field.definition;
  const complete = compileCompletion(type);
  if (resolve !== defaultFieldResolver || args.length > 0) return resolveField(field, resolve, complete);
  const nullable = getNullableType(type);
  return isLeafType(nullable) ? readLeaf(field, nullable, complete) : readField(field, complete);
}
