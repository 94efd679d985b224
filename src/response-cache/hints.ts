import {
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  type ConstDirectiveNode,
  type GraphQLCompositeType,
  type GraphQLField,
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
export function hintOn(schema: GraphQLSchema, nodes: readonly (Annotated | null | undefined)[]): CacheHint {
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
 * What applies to a field: its own hint, and under it that of its type. An interface or union stands for all of its
 * possible types, so the strictest of them counts.
 */
export function hintFor(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>): CacheHint {
  const own = hintOn(schema, [field.astNode]);
  const type = getNamedType(field.type);
  const under = isCompositeType(type)
    ? strictest(typesOf(schema, type).map((each) => typeHint(schema, each)))
    : {};
  return {
    maxAge: own.maxAge ?? (own.inheritMaxAge === true ? undefined : under.maxAge),
    scope: own.scope ?? under.scope,
    inheritMaxAge: own.inheritMaxAge ?? under.inheritMaxAge,
  };
}

/** The type itself and, for an interface or union, every object type it can turn out to be. */
export function typesOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLCompositeType[] {
  return isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
}

function typeHint(schema: GraphQLSchema, type: GraphQLCompositeType): CacheHint {
  return hintOn(schema, [type.astNode, ...type.extensionASTNodes]);
}

function strictest(hints: readonly CacheHint[]): CacheHint {
  const ages = hints.flatMap(({ maxAge }) => maxAge ?? []);
  return {
    maxAge: ages.length === 0 ? undefined : Math.min(...ages),
    scope: hints.some(({ scope }) => scope === 'PRIVATE')
      ? 'PRIVATE'
      : hints.find(({ scope }) => scope)?.scope,
    inheritMaxAge: hints.some(({ inheritMaxAge }) => inheritMaxAge === true) ? true : undefined,
  };
}
