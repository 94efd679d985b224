import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  getDirectiveValues,
  type GraphQLFieldConfig,
  type GraphQLSchema,
  isInterfaceType,
} from 'graphql';
import type { SchemaProblem } from '../directives/schema-error.ts';
import { missingNames, noSuchField, noSuchType, tagsOf } from './invalidation.ts';
import type { AnswerStore } from './store.ts';
import type { Tag } from './tags.ts';

interface InvalidatesArguments {
  readonly types?: readonly string[] | null;
  readonly fields?: readonly string[] | null;
  readonly entities: boolean | null;
}

/** What `@invalidates` says of fields, by their schema coordinates. */
export interface Invalidations {
  /** What each invalidates. */
  readonly tags: ReadonlyMap<string, readonly Tag[]>;
  /** The fields that return objects which they have not changed. */
  readonly silent: ReadonlySet<string>;
}

/** Reads `@invalidates`. What cannot work is among the problems. */
export function compileInvalidations(
  schema: GraphQLSchema,
): Invalidations & { readonly problems: SchemaProblem[] } {
  const directive = schema.getDirective('invalidates');
  const tags = new Map<string, readonly Tag[]>();
  const silent = new Set<string>();
  const problems: SchemaProblem[] = [];
  mapSchema(schema, {
    [MapperKind.FIELD]: (field, fieldName, typeName) => {
      if (directive == null || field.astNode == null || !('type' in field.astNode)) return field;
      const args = getDirectiveValues(directive, field.astNode) as InvalidatesArguments | undefined;
      if (args === undefined) return field;
      const coordinate = `${typeName}.${fieldName}`;
      const { types, fields } = { types: args.types ?? [], fields: args.fields ?? [] };
      if (types.length + fields.length > 0) {
        tags.set(coordinate, tagsOf(schema, { types, fields }));
      }
      if (args.entities === false) silent.add(coordinate);
      const messages = problemsWith(schema, { types, fields, entities: args.entities !== false });
      if (isInterfaceType(schema.getType(typeName))) {
        messages.push(
          '@invalidates on a field of an interface has no effect. Put it on the fields of the object types.',
        );
      }
      problems.push(...messages.map((message) => ({ coordinate, message })));
      return field;
    },
  });
  return { tags, silent, problems };
}

function problemsWith(
  schema: GraphQLSchema,
  { types, fields, entities }: { types: readonly string[]; fields: readonly string[]; entities: boolean },
): string[] {
  if (entities && types.length + fields.length === 0) {
    return ['@invalidates names neither types nor fields. Name what it drops.'];
  }
  const missing = missingNames(schema, { types, fields });
  return [
    ...missing.types.map((name) => `@invalidates(types: ["${name}"]): ${noSuchType(schema, name)}`),
    ...missing.fields.map((name) => `@invalidates(fields: ["${name}"]): ${noSuchField(name)}`),
  ];
}

/**
 * Invalidates answers once a field with `@invalidates` has been resolved, also when it failed: it may have written by then.
 * @param hasNoEffect whether a field that failed with this error has done nothing
 */
export function invalidateAfterResolvers(
  schema: GraphQLSchema,
  { tags: byField }: Invalidations,
  { store, hasNoEffect }: { readonly store: AnswerStore; readonly hasNoEffect: (error: unknown) => boolean },
): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: GraphQLFieldConfig<unknown, unknown>, fieldName, typeName) => {
      const tags = byField.get(`${typeName}.${fieldName}`);
      if (tags === undefined) return field;
      const inner = field.resolve ?? defaultFieldResolver;
      return {
        ...field,
        resolve: async (source, args, context, info) => {
          let hasRun = true;
          try {
            return await inner(source, args, context, info);
          } catch (error) {
            hasRun = !hasNoEffect(error);
            throw error;
          } finally {
            if (hasRun) await store.invalidate(tags);
          }
        },
      };
    },
  });
}
