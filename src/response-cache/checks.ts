import {
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type ConstDirectiveNode,
  type GraphQLSchema,
} from 'graphql';
import type { SchemaProblem } from '../schema-error.ts';

/** What of `@cacheControl` in a schema cannot work. */
export function checkCacheControl(schema: GraphQLSchema): SchemaProblem[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isCompositeType(type)) return [];
    const onType = [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? []);
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    return [
      ...problemsWith(type.name, onType),
      ...fields.flatMap((field) =>
        problemsWith(`${type.name}.${field.name}`, field.astNode?.directives ?? []),
      ),
    ];
  });
}

function problemsWith(coordinate: string, directives: readonly ConstDirectiveNode[]): SchemaProblem[] {
  const args = directives
    .filter(({ name }) => name.value === 'cacheControl')
    .flatMap((use) => use.arguments ?? []);
  return args.flatMap(({ name, value }) => {
    if (name.value === 'staleWhileRevalidate' || name.value === 'staleIfError') {
      return [
        { coordinate, message: `@cacheControl(${name.value}: …) is not supported yet. Remove the argument.` },
      ];
    }
    if (name.value === 'maxAge' && 'value' in value && Number(value.value) < 0) {
      return [
        {
          coordinate,
          message: `@cacheControl(maxAge: ${String(value.value)}): use 0 for "not at all", or more.`,
        },
      ];
    }
    return [];
  });
}
