import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLDirective,
  Kind,
  parse,
  specifiedDirectives,
} from 'graphql';

/** The definitions of the directives, and of the types that their arguments have. */
const { definitions } = parse(readFileSync(new URL('./directives.graphql', import.meta.url), 'utf8'));

const specified = new Set(specifiedDirectives.map(({ name }) => name));

/** The directives that this server gives a meaning to, by name. */
export const ownDirectives: ReadonlyMap<string, GraphQLDirective> = new Map(
  buildASTSchema({ kind: Kind.DOCUMENT, definitions })
    .getDirectives()
    .flatMap((directive) => (specified.has(directive.name) ? [] : [[directive.name, directive]])),
);

const ownNames = new Set(definitions.map(nameOf));

/** The document with the server's own definitions in place of any that it has for the same names. */
export function withOwnDefinitions(document: DocumentNode): DocumentNode {
  const others = document.definitions.filter((node) => !ownNames.has(nameOf(node)));
  return { kind: Kind.DOCUMENT, definitions: [...definitions, ...others] };
}

/** Types and directives may have names in common; extensions define nothing of their own. */
function nameOf(node: DefinitionNode): string | undefined {
  switch (node.kind) {
    case Kind.DIRECTIVE_DEFINITION:
      return `@${node.name.value}`;
    case Kind.ENUM_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return node.name.value;
    default:
      return undefined;
  }
}
