import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  getNamedType,
  Kind,
  parse,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLDirective,
} from 'graphql';

/** The text of schema.graphql: the sample API, and the directives as any schema can use them. */
export const sampleSdl = readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8');

const directiveNames = ['rateLimit', 'rateLimitExempt', 'cacheControl', 'invalidates'];
const sample = parse(sampleSdl);
const definedInSample = sample.definitions.filter((node) => 'name' in node);
const sampleSchema = buildASTSchema(sample);

/** The directives that this server gives a meaning to, by name. */
export const ownDirectives: ReadonlyMap<string, GraphQLDirective> = new Map(
  sampleSchema.getDirectives().flatMap((directive) => {
    return directiveNames.includes(directive.name) ? [[directive.name, directive]] : [];
  }),
);

const ownTypeNames = new Set(
  [...ownDirectives.values()].flatMap(({ args }) => args.map(({ type }) => getNamedType(type).name)),
);

/** The definitions of the directives and of the types that their arguments have. */
const ownDefinitions: readonly DefinitionNode[] = definedInSample.filter(isOwn);

/** The document with the server's own definitions in place of any that it has for the same names. */
export function withOwnDefinitions(document: DocumentNode): DocumentNode {
  const others = document.definitions.filter((node) => !isOwn(node));
  return { kind: Kind.DOCUMENT, definitions: [...ownDefinitions, ...others] };
}

function isOwn(node: DefinitionNode): boolean {
  if (node.kind === Kind.DIRECTIVE_DEFINITION) return ownDirectives.has(node.name.value);
  const isType = node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION;
  return isType && ownTypeNames.has(node.name.value);
}
