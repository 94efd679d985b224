import {
  getNamedType,
  isCompositeType,
  OperationTypeNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { hintsFor, typesOf, type CacheHint, type CacheScope } from './hints.ts';

/** How the answers to an operation may be kept. */
export interface CachePlan {
  /** Seconds, at least 1. */
  readonly maxAge: number;
  /** PRIVATE as soon as any part is: then each caller has their own answer. */
  readonly scope: CacheScope;
  /** What invalidates an answer: the names of the types and the coordinates of the fields in it. */
  readonly tags: ReadonlySet<string>;
}

/**
 * What `@cacheControl` says of one operation, by Apollo's rules: every root field and every field that leads to an
 * object has the maxAge 0 unless it or its type declares one or inherits it, and the smallest of all counts. It goes
 * by field names, so aliases and fragments change nothing. All of the operation counts, also what `@skip` leaves out.
 * @param document one operation with the fragments it uses, valid for the schema
 * @returns undefined if answers must not be kept
 */
export function planCache(
  schema: GraphQLSchema,
  document: DocumentNode,
  kind: OperationTypeNode,
): CachePlan | undefined {
  if (kind !== OperationTypeNode.QUERY) return undefined;
  let maxAge = Infinity;
  let scope: CacheScope = 'PUBLIC';
  const tags = new Set<string>();
  const typeInfo = new TypeInfo(schema);

  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType();
        const field = typeInfo.getFieldDef();
        // The cache beneath adds fields of its own under names that begin so, which a client could forge.
        if (node.alias?.value.startsWith('__') === true || parent == null || field == null) maxAge = 0;
        else if (node.name.value === '__typename') return;
        else if (node.name.value.startsWith('__')) maxAge = 0;
        else {
          const type = getNamedType(field.type);
          const isRoot = parent === schema.getQueryType();
          for (const hint of hintsFor(schema, parent, field)) {
            maxAge = Math.min(maxAge, allowedAge(hint, isRoot, isCompositeType(type)));
            if (hint.scope === 'PRIVATE') scope = 'PRIVATE';
          }
          for (const { name } of typesOf(schema, parent)) tags.add(`${name}.${field.name}`);
          if (isCompositeType(type)) for (const { name } of typesOf(schema, type)) tags.add(name);
        }
      },
      Directive(node) {
        if (node.name.value === 'defer' || node.name.value === 'stream') maxAge = 0;
      },
    }),
  );
  return maxAge >= 1 && maxAge < Infinity ? { maxAge, scope, tags } : undefined;
}

function allowedAge({ maxAge, inheritMaxAge }: CacheHint, isRoot: boolean, isComposite: boolean): number {
  if (maxAge !== undefined) return maxAge;
  // A root field has no parent to inherit from.
  return isRoot || (isComposite && inheritMaxAge !== true) ? 0 : Infinity;
}
