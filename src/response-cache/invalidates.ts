import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  getDirectiveValues,
  isInterfaceType,
  type GraphQLFieldConfig,
  type GraphQLSchema,
} from 'graphql';
import type { SchemaProblem } from '../schema-error.ts';

interface InvalidatesArguments {
  readonly types?: readonly string[] | null;
  readonly fields?: readonly string[] | null;
}

/** Drops the answers that carry any of these tags; returns when that is done. */
export type Invalidate = (tags: readonly string[]) => Promise<void>;

/** The tags that each field's `@invalidates` names, by schema coordinate. What cannot work is among the problems. */
export function compileInvalidations(schema: GraphQLSchema): {
  byField: ReadonlyMap<string, readonly string[]>;
  problems: SchemaProblem[];
} {
  const directive = schema.getDirective('invalidates');
  const byField = new Map<string, readonly string[]>();
  const problems: SchemaProblem[] = [];
  mapSchema(schema, {
    [MapperKind.FIELD]: (field, fieldName, typeName) => {
      if (directive == null || field.astNode == null || !('type' in field.astNode)) return field;
      const args = getDirectiveValues(directive, field.astNode) as InvalidatesArguments | undefined;
      if (args === undefined) return field;
      const coordinate = `${typeName}.${fieldName}`;
      byField.set(coordinate, [...(args.types ?? []), ...(args.fields ?? [])]);
      const messages = unknownNames(schema, args);
      if (isInterfaceType(schema.getType(typeName))) {
        messages.push(
          '@invalidates on a field of an interface has no effect. Put it on the fields of the object types.',
        );
      }
      problems.push(...messages.map((message) => ({ coordinate, message })));
      return field;
    },
  });
  return { byField, problems };
}

function unknownNames(schema: GraphQLSchema, { types, fields }: InvalidatesArguments): string[] {
  const missingTypes = (types ?? []).filter((name) => schema.getType(name) === undefined);
  const missingFields = (fields ?? []).filter((name) => !hasField(schema, name));
  const empty = (types ?? []).length + (fields ?? []).length === 0;
  return [
    ...missingTypes.map((name) => `@invalidates(types: ["${name}"]): there is no type "${name}".`),
    ...missingFields.map(
      (name) =>
        `@invalidates(fields: ["${name}"]): there is no field "${name}"; write it like "Query.users".`,
    ),
    ...(empty ? ['@invalidates names neither types nor fields. Name what it drops.'] : []),
  ];
}

function hasField(schema: GraphQLSchema, coordinate: string): boolean {
  const [typeName = '', fieldName = ''] = coordinate.split('.');
  const type = schema.getType(typeName);
  return type !== undefined && 'getFields' in type && fieldName in type.getFields();
}

/** Drops answers once a field with `@invalidates` has been resolved, also when it failed: it may have written by then. */
export function invalidateAfterResolvers(
  schema: GraphQLSchema,
  byField: ReadonlyMap<string, readonly string[]>,
  invalidate: Invalidate,
): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (field: GraphQLFieldConfig<unknown, unknown>, fieldName, typeName) => {
      const tags = byField.get(`${typeName}.${fieldName}`);
      if (tags === undefined) return field;
      const inner = field.resolve ?? defaultFieldResolver;
      return {
        ...field,
        resolve: async (source, args, context, info) => {
          try {
            return await inner(source, args, context, info);
          } finally {
            await invalidate(tags);
          }
        },
      };
    },
  });
}
