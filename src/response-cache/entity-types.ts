import {
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isRequiredArgument,
} from 'graphql';
import type { AskedField } from './asked-fields.ts';

/** What the finding of entities has to respect. */
export interface EntityRules {
  /** Whether asking for a field costs something. */
  readonly isLimited: (coordinate: string) => boolean;
}

/** The field whose value tells the objects of a type apart. */
export const idField = 'id';

/**
 * The package that finds entities walks through whatever is in a list twice, and so 2^n times through what is in n
 * lists: with more of them than this, it is spared the search.
 */
const mostLists = 4;

/** Whether objects of the type can be told apart. */
export function hasId(schema: GraphQLSchema, typeName: string): boolean {
  const type = schema.getType(typeName);
  return type !== undefined && 'getFields' in type && idField in type.getFields();
}

/** Whether the objects of an interface or union have ids that cannot be asked for through it. */
export function concealsIds(schema: GraphQLSchema, type: GraphQLCompositeType): boolean {
  if (!isAbstractType(type) || hasId(schema, type.name)) return false;
  return schema.getPossibleTypes(type).some(({ name }) => hasId(schema, name));
}

/** Under which response keys a result has what. */
export class ResponseKeys {
  readonly #opaque = new Set<string>();
  readonly #leading = new Set<string>();

  add({ key, leadsTo, isOpaque }: Pick<AskedField, 'key' | 'leadsTo' | 'isOpaque'>): void {
    if (isOpaque) this.#opaque.add(key);
    if (leadsTo !== undefined) this.#leading.add(key);
  }

  /** The keys of values that can be anything; undefined where one of them also leads to objects elsewhere. */
  get opaque(): ReadonlySet<string> | undefined {
    return [...this.#opaque].some((key) => this.#leading.has(key)) ? undefined : this.#opaque;
  }
}

/**
 * Whether the ids of the objects in a result may be found by asking for them besides. Where it may not, all objects of
 * a type count as one.
 */
export function canFindEntities(
  schema: GraphQLSchema,
  typeNames: Iterable<string>,
  listDepth: number,
  { isLimited }: EntityRules,
): boolean {
  if (listDepth > mostLists) return false;
  return [...typeNames].every((name) => isFree(schema, name) && !isLimited(`${name}.${idField}`));
}

function isFree(schema: GraphQLSchema, typeName: string): boolean {
  const type = schema.getType(typeName);
  const field = type !== undefined && 'getFields' in type ? type.getFields()[idField] : undefined;
  if (field === undefined || !('args' in field)) return true;
  return isLeafType(getNamedType(field.type)) && !field.args.some(isRequiredArgument);
}
