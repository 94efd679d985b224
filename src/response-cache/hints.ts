import {
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  type ConstDirectiveNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

export type CacheScope = 'PUBLIC' | 'PRIVATE';

/** What `@cacheControl` says of one field or type; undefined where it says nothing. */
export interface CacheHint {
  /** Seconds. */
  readonly maxAge?: number | undefined;
  readonly scope?: CacheScope | undefined;
  readonly inheritMaxAge?: boolean | undefined;
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
  const { maxAge, scope, inheritMaxAge } = getDirectiveValues(directive, { directives: [uses[0]] }) as {
    readonly [K in keyof CacheHint]: CacheHint[K] | null;
  };
  return {
    maxAge: maxAge ?? undefined,
    scope: scope ?? undefined,
    inheritMaxAge: inheritMaxAge ?? undefined,
  };
}

/**
 * What applies to a field of a type: the field's own hint, and under it that of the field's type. An interface or union
 * can turn out to be any of its object types, so each of them has its hint here, and all of the hints apply.
 */
export function hintsFor(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
): CacheHint[] {
  const general = hintOn(schema, [field.astNode]);
  const fields = fieldsBehind(schema, parent, field);
  return fields.flatMap((each) => {
    const own = both(hintOn(schema, [each.astNode]), general);
    return hintsOfType(schema, getNamedType(each.type)).map((under) => ({
      maxAge: own.maxAge ?? under.maxAge,
      scope: own.scope ?? under.scope,
      inheritMaxAge: own.inheritMaxAge === true || under.inheritMaxAge === true,
    }));
  });
}

/** The type itself and, for an interface or union, every object type it can turn out to be. */
export function typesOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
  return isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
}

function fieldsBehind(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
): GraphQLField<unknown, unknown>[] {
  if (!isAbstractType(parent)) return [field];
  const fields = schema.getPossibleTypes(parent).flatMap((type) => type.getFields()[field.name] ?? []);
  return fields.length > 0 ? fields : [field];
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
  const ages = [own.maxAge, general.maxAge].filter((age) => age !== undefined);
  return {
    maxAge: ages.length > 0 ? Math.min(...ages) : undefined,
    scope: general.scope === 'PRIVATE' ? general.scope : (own.scope ?? general.scope),
    inheritMaxAge: own.inheritMaxAge === true || general.inheritMaxAge === true,
  };
}
