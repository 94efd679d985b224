import {
  type ConstDirectiveNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { SchemaProblem } from '../directives/schema-error.ts';
import { hintsFor } from './hints.ts';

const seconds: ReadonlySet<string> = new Set(['maxAge', 'staleWhileRevalidate', 'staleIfError']);
const windows: ReadonlySet<string> = new Set(['staleWhileRevalidate', 'staleIfError']);

/** What of `@cacheControl` in a schema cannot work. */
export function checkCacheControl(schema: GraphQLSchema): SchemaProblem[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isCompositeType(type)) return [];
    const onType = [type.astNode, ...type.extensionASTNodes].flatMap((node) => usesIn(node?.directives));
    const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    return [
      ...onType.flatMap(problemsWith).map((message) => ({ coordinate: type.name, message })),
      ...fields.flatMap((field) =>
        problemsOfField(schema, type, field).map((message) => ({
          coordinate: `${type.name}.${field.name}`,
          message,
        })),
      ),
    ];
  });
}

function problemsOfField(
  schema: GraphQLSchema,
  parent: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
): string[] {
  const uses = usesIn(field.astNode?.directives);
  const [use] = uses;
  if (use === undefined) return [];
  if (parent === schema.getMutationType() || parent === schema.getSubscriptionType()) {
    return ['@cacheControl has no effect here: only answers to queries are kept. Remove it.'];
  }
  const window = use.arguments?.find(({ name }) => windows.has(name.value))?.name.value;
  const isNeverKept = hintsFor(schema, parent, field).every(
    ({ maxAge, inheritMaxAge }) => maxAge === 0 || (maxAge === undefined && inheritMaxAge !== true),
  );
  return [
    ...uses.flatMap(problemsWith),
    ...(window !== undefined && isNeverKept
      ? [`@cacheControl(${window}: …) has no effect without a maxAge. Declare one, of 1 or more.`]
      : []),
  ];
}

function problemsWith({ arguments: args = [] }: ConstDirectiveNode): string[] {
  if (args.length === 0) return ['@cacheControl says nothing. Give it a maxAge, or a scope.'];
  return args.flatMap(({ name, value }) => {
    if (!seconds.has(name.value) || !('value' in value) || Number(value.value) >= 0) return [];
    return [`@cacheControl(${name.value}: ${String(value.value)}): use 0 for "not at all", or more.`];
  });
}

function usesIn(directives: readonly ConstDirectiveNode[] = []): ConstDirectiveNode[] {
  return directives.filter(({ name }) => name.value === 'cacheControl');
}
