import { type IExecutableSchemaDefinition, makeExecutableSchema } from '@graphql-tools/schema';
import { concatAST, type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { withOwnDefinitions } from './definitions.ts';
import { checkDirectiveUses } from './directive-uses.ts';
import { SchemaError } from './schema-error.ts';

/** A schema in SDL, in one piece or several. The server's directives need not be defined in it. */
export type TypeDefs = string | DocumentNode | readonly (string | DocumentNode)[];

/** Resolvers by type and field, as `@graphql-tools/schema` takes them; generated resolver types fit. */
export type ResolverMap = Exclude<NonNullable<IExecutableSchemaDefinition['resolvers']>, readonly unknown[]>;

/** Puts resolvers to a schema. Throws a SchemaError for uses of the server's directives that are not valid. */
export function buildSchema(typeDefs: TypeDefs, resolvers: ResolverMap): GraphQLSchema {
  const pieces = (Array.isArray(typeDefs) ? typeDefs : [typeDefs]) as readonly (string | DocumentNode)[];
  const document = concatAST(pieces.map((piece) => (typeof piece === 'string' ? parse(piece) : piece)));
  const problems = checkDirectiveUses(document);
  if (problems.length > 0) throw new SchemaError(problems);
  return makeExecutableSchema({ typeDefs: withOwnDefinitions(document), resolvers });
}
