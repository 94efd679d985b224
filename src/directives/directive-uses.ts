import {
  type ASTNode,
  type ConstValueNode,
  type DirectiveNode,
  type DocumentNode,
  getNamedType,
  type GraphQLDirective,
  type GraphQLInputType,
  isInputObjectType,
  Kind,
  print,
  valueFromAST,
  visit,
} from 'graphql';
import { ownDirectives } from './definitions.ts';
import type { SchemaProblem } from './schema-error.ts';

/** Where a directive can stand, by the kind of the node that it stands on. */
const locations: Partial<Record<Kind, string>> = {
  [Kind.SCHEMA_DEFINITION]: 'SCHEMA',
  [Kind.SCHEMA_EXTENSION]: 'SCHEMA',
  [Kind.OBJECT_TYPE_DEFINITION]: 'OBJECT',
  [Kind.OBJECT_TYPE_EXTENSION]: 'OBJECT',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'INTERFACE',
  [Kind.INTERFACE_TYPE_EXTENSION]: 'INTERFACE',
  [Kind.UNION_TYPE_DEFINITION]: 'UNION',
  [Kind.UNION_TYPE_EXTENSION]: 'UNION',
  [Kind.FIELD_DEFINITION]: 'FIELD_DEFINITION',
  // An entry of an input object looks the same. What can stand on one of them can stand on the other.
  [Kind.INPUT_VALUE_DEFINITION]: 'ARGUMENT_DEFINITION',
  [Kind.ENUM_TYPE_DEFINITION]: 'ENUM',
  [Kind.ENUM_TYPE_EXTENSION]: 'ENUM',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'INPUT_OBJECT',
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: 'INPUT_OBJECT',
  [Kind.SCALAR_TYPE_DEFINITION]: 'SCALAR',
  [Kind.SCALAR_TYPE_EXTENSION]: 'SCALAR',
};

/** Uses of the server's directives that GraphQL itself would refuse, or overlook, told by schema coordinate. */
export function checkDirectiveUses(document: DocumentNode): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  visit(document, {
    DirectiveDefinition: () => false,
    Directive(node, key, parent, _path, ancestors) {
      const directive = ownDirectives.get(node.name.value);
      if (directive === undefined) return;
      const nodes = ancestors.filter((ancestor): ancestor is ASTNode => !Array.isArray(ancestor));
      const before = (parent as readonly DirectiveNode[]).slice(0, Number(key));
      const messages = [
        ...problemsWithPlace(directive, nodes.at(-1), before),
        ...problemsWith(directive, node),
      ];
      problems.push(...messages.map((message) => ({ coordinate: coordinateOf(nodes), message })));
    },
  });
  return problems;
}

function problemsWithPlace(
  { name, locations: allowed, isRepeatable }: GraphQLDirective,
  element: ASTNode | undefined,
  before: readonly DirectiveNode[],
): string[] {
  const location = element && locations[element.kind];
  const isAllowed = location !== undefined && allowed.map(String).includes(location);
  const isSecond = !isRepeatable && before.some((other) => other.name.value === name);
  return [
    ...(isAllowed ? [] : [`@${name} has no effect here. It can stand on ${allowed.join(', ')}.`]),
    ...(isSecond ? [`@${name} can stand here once only. Remove all but one.`] : []),
  ];
}

function problemsWith(directive: GraphQLDirective, use: DirectiveNode): string[] {
  return (use.arguments ?? []).flatMap(({ name, value }) => {
    const argument = directive.args.find((known) => known.name === name.value);
    if (argument === undefined) {
      const known = directive.args.map((arg) => arg.name).join(', ');
      const fix = known === '' ? 'It takes no arguments.' : `Its arguments are ${known}.`;
      return [`@${directive.name} has no argument "${name.value}". ${fix}`];
    }
    const place = `@${directive.name}(${name.value}: ${print(value)})`;
    if (valueFromAST(value, argument.type) === undefined) {
      return [`${place}: the value must be of the type ${String(argument.type)}.`];
    }
    return unknownEntries(value as ConstValueNode, argument.type).map((problem) => `${place}: ${problem}`);
  });
}

/** Entries of input objects that do not exist, which graphql-js leaves out without a word. */
function unknownEntries(value: ConstValueNode, type: GraphQLInputType): string[] {
  if (value.kind === Kind.LIST) return value.values.flatMap((item) => unknownEntries(item, type));
  const named = getNamedType(type);
  if (value.kind !== Kind.OBJECT || !isInputObjectType(named)) return [];
  const fields = named.getFields();
  return value.fields.flatMap(({ name, value: entry }) => {
    const field = fields[name.value];
    if (field !== undefined) return unknownEntries(entry, field.type);
    return [`${named.name} has no entry "${name.value}". It has ${Object.keys(fields).join(', ')}.`];
  });
}

/** The schema coordinate of the innermost element that the ancestors are of: `Type`, `Type.field` or `schema`. */
function coordinateOf(ancestors: readonly ASTNode[]): string {
  const names: string[] = [];
  for (const node of ancestors) {
    if (node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION) return 'schema';
    if ('name' in node) names.push(node.name.value);
  }
  return names.join('.');
}
