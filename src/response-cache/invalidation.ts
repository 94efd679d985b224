import { type GraphQLSchema, isCompositeType, isInterfaceType, isObjectType } from 'graphql';
import { typesOf } from './hints.ts';
import type { AnswerStore } from './store.ts';
import {
  entityTag,
  fieldTag,
  membersTag,
  namedTableTag,
  namedTypeTag,
  tableTag,
  type Tag,
  typeTag,
} from './tags.ts';

/** Which answers to invalidate: those that hold any of these. */
export interface Invalidation {
  /** Objects of these types. */
  readonly types?: readonly string[];
  /** Single objects, and the lists and empty places that they may belong into. */
  readonly entities?: readonly { readonly type: string; readonly id: string | number }[];
  /** Fields, as schema coordinates like `Query.users`. */
  readonly fields?: readonly string[];
  /** Data from these tables, by their names without a schema. */
  readonly tables?: readonly string[];
}

/**
 * Invalidates kept answers, and those in the making; nobody is given one of them once the promise resolves.
 * @throws TypeError for a type or field that the schema does not have
 */
export type Invalidate = (what: Invalidation | 'everything') => Promise<void>;

export function createInvalidate(schema: GraphQLSchema, store: AnswerStore): Invalidate {
  return async (what) => {
    if (what === 'everything') {
      await store.invalidate(what);
      return;
    }
    checkKeys(what);
    const types = [...(what.types ?? []), ...(what.entities ?? []).map(({ type }) => type)];
    const missing = missingNames(schema, { types, fields: what.fields ?? [] });
    const [problem] = [
      ...missing.types.map((name) => noSuchType(schema, name)),
      ...missing.fields.map(noSuchField),
    ];
    if (problem !== undefined) throw new TypeError(`Nothing was dropped: ${problem}`);
    await store.invalidate(tagsOf(schema, what));
  };
}

const keys = ['types', 'entities', 'fields', 'tables'];

/** Code that is not typed may say anything. */
function checkKeys(what: unknown): void {
  const given = typeof what === 'object' && what !== null ? Object.keys(what) : [];
  const unknown = given.find((key) => !keys.includes(key));
  if (given.length > 0 && unknown === undefined) return;
  const found = unknown === undefined ? 'nothing is named' : `there is no "${unknown}"`;
  throw new TypeError(`Nothing was dropped: ${found}. Give "everything", or ${keys.join(', ')}.`);
}

/** What invalidates the answers that hold any of these. An interface or union stands for all that it can turn out to be. */
export function tagsOf(
  schema: GraphQLSchema,
  { types = [], entities = [], fields = [], tables = [] }: Invalidation,
): Tag[] {
  return [
    ...types.flatMap((name) =>
      namesBehind(schema, name).flatMap((each) => [typeTag(each), namedTypeTag(each)]),
    ),
    ...entities.flatMap(({ type, id }) =>
      namesBehind(schema, type).flatMap((name) => [
        entityTag(name, id),
        membersTag(name),
        namedTypeTag(name),
      ]),
    ),
    ...fields.flatMap((coordinate) => {
      const [typeName = '', fieldName = ''] = coordinate.split('.');
      return namesBehind(schema, typeName).map((name) => fieldTag(`${name}.${fieldName}`));
    }),
    ...tables.flatMap((name) => [tableTag(name.toLowerCase()), namedTableTag(name.toLowerCase())]),
  ];
}

function namesBehind(schema: GraphQLSchema, typeName: string): string[] {
  const type = schema.getType(typeName);
  return isCompositeType(type) ? typesOf(schema, type).map(({ name }) => name) : [];
}

/** The names of types and fields of which a schema has no objects. */
export function missingNames(
  schema: GraphQLSchema,
  { types, fields }: { readonly types: readonly string[]; readonly fields: readonly string[] },
): { readonly types: string[]; readonly fields: string[] } {
  return {
    types: types.filter((name) => !isCompositeType(schema.getType(name))),
    fields: fields.filter((name) => !hasField(schema, name)),
  };
}

/** What is wrong with a name, in words. */
export const noSuchType = (schema: GraphQLSchema, name: string): string =>
  schema.getType(name) === undefined
    ? `there is no type "${name}".`
    : `there are no objects of the type "${name}".`;
export const noSuchField = (name: string): string =>
  `there is no field "${name}"; write it like "Query.users".`;

function hasField(schema: GraphQLSchema, coordinate: string): boolean {
  const [typeName = '', fieldName = '', ...rest] = coordinate.split('.');
  const type = schema.getType(typeName);
  return (isObjectType(type) || isInterfaceType(type)) && fieldName in type.getFields() && rest.length === 0;
}
