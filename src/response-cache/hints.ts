import {
  type ConstDirectiveNode,
  getDirectiveValues,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql';

type AnyField = GraphQLField<unknown, unknown>;

export type CacheScope = 'PUBLIC' | 'PRIVATE';

/** What drops an answer before its time: all that changes in what it holds, only changes of its objects, or nothing. */
type CacheLevel = 'TABLE' | 'ENTITY' | 'TTL';

/** What `@cacheControl` says of one field or type; undefined where it says nothing. */
export interface CacheHint {
  /** Seconds. */
  readonly maxAge?: number | undefined;
  readonly scope?: CacheScope | undefined;
  readonly inheritMaxAge?: boolean | undefined;
  /** Seconds, after the maxAge. */
  readonly staleWhileRevalidate?: number | undefined;
  /** Seconds, after the maxAge. */
  readonly staleIfError?: number | undefined;
  readonly level?: CacheLevel | undefined;
}

interface Annotated {
  readonly directives?: readonly ConstDirectiveNode[] | undefined;
}

/** The directive's arguments on an element and its extensions; the element's own come first. */
function hintOn(schema: GraphQLSchema, nodes: readonly (Annotated | null | undefined)[]): CacheHint {
  const directive = schema.getDirective('cacheControl');
  const uses = nodes.flatMap(
    (node) => node?.directives?.filter(({ name }) => name.value === 'cacheControl') ?? [],
  );
  if (directive == null || uses[0] === undefined) return {};
  const given = getDirectiveValues(directive, { directives: [uses[0]] }) ?? {};
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
}

// A field object belongs to one type, so that it also stands for its parent.
const known = new WeakMap<GraphQLSchema, WeakMap<AnyField, readonly CacheHint[]>>();

/**
 * What applies to a field of a type: the field's own hint, and under it that of the field's type. An interface or union
 * can turn out to be any of its object types, so each of them has its hint here, equal ones once, and all of the hints
 * apply. They are read once: between two interfaces there are as many as the product of their types, and a document may
 * ask for such a field thousands of times.
 */
export function hintsFor(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  field: AnyField,
): readonly CacheHint[] {
  const ofSchema = known.get(schema) ?? new WeakMap<AnyField, readonly CacheHint[]>();
  known.set(schema, ofSchema);
  const hints = ofSchema.get(field) ?? distinct(readHints(schema, parent, field));
  ofSchema.set(field, hints);
  return hints;
}

function distinct(hints: readonly CacheHint[]): CacheHint[] {
  return [...new Map(hints.map((hint) => [JSON.stringify(hint), hint])).values()];
}

function readHints(schema: GraphQLSchema, parent: GraphQLCompositeType, field: AnyField): CacheHint[] {
  return fieldsBehind(schema, parent, field).flatMap((variants) => {
    const own = variants.map(({ astNode }) => hintOn(schema, [astNode])).reduce(both);
    const [{ type }] = variants;
    return hintsOfType(schema, getNamedType(type)).map((under) => ({
      maxAge: own.maxAge ?? under.maxAge,
      scope: own.scope ?? under.scope,
      inheritMaxAge: own.inheritMaxAge === true || under.inheritMaxAge === true,
      staleWhileRevalidate: own.staleWhileRevalidate ?? under.staleWhileRevalidate,
      staleIfError: own.staleIfError ?? under.staleIfError,
      level: own.level ?? under.level,
    }));
  });
}

/** The type itself and, for an interface or union, every object type it can turn out to be. */
export function typesOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
  return isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
}

/**
 * The fields that one may turn out to be: on each object type, with what its interfaces say of it behind its own. A
 * client chooses through which of them it asks, and must not choose what holds of the data by that.
 */
function fieldsBehind(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  field: AnyField,
): (readonly [AnyField, ...AnyField[]])[] {
  const objects = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [parent];
  const behind = objects.flatMap((type) => {
    const own = 'getFields' in type ? type.getFields()[field.name] : undefined;
    if (own === undefined) return [];
    const interfaces = isObjectType(type) ? type.getInterfaces() : [];
    return [[own, ...interfaces.flatMap((each) => each.getFields()[field.name] ?? [])] as const];
  });
  return behind.length > 0 ? behind : [[field]];
}

function hintsOfType(schema: GraphQLSchema, type: GraphQLNamedType): CacheHint[] {
  if (!isCompositeType(type)) return [{}];
  const [general = {}, ...possible] = typesOf(schema, type).map((each) =>
    hintOn(schema, [each.astNode, ...each.extensionASTNodes]),
  );
  return possible.length > 0 ? possible.map((hint) => both(hint, general)) : [general];
}

/** The stricter of what an object type says and what its interface or union says. */
function both(own: CacheHint, general: CacheHint): CacheHint {
  return {
    maxAge: least(own.maxAge, general.maxAge),
    scope: general.scope === 'PRIVATE' ? general.scope : (own.scope ?? general.scope),
    inheritMaxAge: own.inheritMaxAge === true || general.inheritMaxAge === true,
    staleWhileRevalidate: least(own.staleWhileRevalidate, general.staleWhileRevalidate),
    staleIfError: least(own.staleIfError, general.staleIfError),
    level: general.level === 'TABLE' ? general.level : (own.level ?? general.level),
  };
}

function least(...seconds: readonly (number | undefined)[]): number | undefined {
  const given = seconds.filter((each) => each !== undefined);
  return given.length > 0 ? Math.min(...given) : undefined;
}
