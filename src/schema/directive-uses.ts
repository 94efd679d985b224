import {
  Kind,
  print,
  valueFromAST,
  visit,
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type GraphQLDirective,
} from 'graphql';
import { ownDirectives } from './own-definitions.ts';
import type { SchemaProblem } from '../schema-error.ts';

/** Uses of the server's directives that GraphQL itself would refuse, told by schema coordinate. */
export function checkDirectiveUses(document: DocumentNode): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  visit(document, {
    DirectiveDefinition: () => false,
    Directive(node, _key, _parent, _path, ancestors) {
      const directive = ownDirectives.get(node.name.value);
      if (directive === undefined) return;
      const coordinate = coordinateOf(ancestors);
      problems.push(...problemsWith(directive, node).map((message) => ({ coordinate, message })));
    },
  });
  return problems;
}

function problemsWith(directive: GraphQLDirective, use: DirectiveNode): string[] {
  return (use.arguments ?? []).flatMap(({ name, value }) => {
    const argument = directive.args.find((known) => known.name === name.value);
    if (argument === undefined) {
      const known = directive.args.map((arg) => arg.name).join(', ');
      const fix = known === '' ? 'It takes no arguments.' : `Its arguments are ${known}.`;
      return [`@${directive.name} has no argument "${name.value}". ${fix}`];
    }
    if (valueFromAST(value, argument.type) !== undefined) return [];
    return [
      `@${directive.name}(${name.value}: ${print(value)}): the value must be of the type ${String(argument.type)}.`,
    ];
  });
}

/** The schema coordinate of the innermost element that the ancestors are of: `Type`, `Type.field` or `schema`. */
function coordinateOf(ancestors: readonly (ASTNode | readonly ASTNode[])[]): string {
  const names: string[] = [];
  for (const ancestor of ancestors) {
    if (Array.isArray(ancestor)) continue;
    const node = ancestor as ASTNode;
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) return 'schema';
    if ('name' in node) names.push(node.name.value);
  }
  return names.join('.');
}
