import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldConfig,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { hintsFor } from './hints.ts';
import { recordAside } from './reads.ts';

/** Records the tables that a field reads aside where its level has writes to them drop nothing. */
export function recordByLevel(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_FIELD]: (config: GraphQLFieldConfig<unknown, unknown>, fieldName, typeName) => {
      const type = schema.getType(typeName);
      const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
      if (!isObjectType(type) || field === undefined || usesTables(schema, type, field)) return config;
      const resolve = config.resolve ?? defaultFieldResolver;
      return { ...config, resolve: (...resolved) => recordAside(() => resolve(...resolved)) };
    },
  });
}

function usesTables(
  schema: GraphQLSchema,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): boolean {
  return hintsFor(schema, parent, field).some(({ level = 'TABLE' }) => level === 'TABLE');
}
