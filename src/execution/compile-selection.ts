import {
  type FieldNode,
  type FragmentDefinitionNode,
  getDirectiveValues,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { Variables } from './coerce-variables.ts';
import { compileField } from './compile-field.ts';
import type { CompiledField, CompiledSelection, Execution, Results } from './execution.ts';

/**
 * Compiles what selection sets ask of objects of a type, as the variables of an execution decide. What they ask of
 * objects below is compiled when the first of those is there.
 * @param onCompiled is told how many fields have been compiled, here and below
 */
export function compileSelection(
  execution: Execution,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
  onCompiled: (fields: number) => void,
): CompiledSelection {
  const fields: CompiledField[] = [];
  for (const [key, nodes] of collectFields(execution, type, selectionSets)) {
    const definition = definitionOf(execution.schema, type, nodes[0].name.value);
    // What the type does not have is left out: validation has not been asked.
    if (definition === undefined) continue;
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const execute = compileField({
      key,
      parentType: type,
      definition,
      coordinate: `${type.name}.${definition.name}`,
      nodes,
      select: (reaching, below) => compileSelection(reaching, below, sets, onCompiled),
    });
    fields.push({ key, execute });
  }
  onCompiled(fields.length);
  // Each with quotes, a colon and a comma.
  const bytes = fields.reduce((sum, { key }) => sum + key.length + 4, 2);
  return { fields, createResults: resultsFactory(fields), bytes };
}

/**
 * The fields that selection sets ask of an object of a type, by their names in the response: CollectFields of the
 * specification. Throws where a variable that decides on one of them is null.
 */
function collectFields(
  { schema, fragments, variableValues }: Execution,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly [FieldNode, ...FieldNode[]]> {
  const fields = new Map<string, [FieldNode, ...FieldNode[]]>();
  const visited = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD && visited.has(selection.name.value)) continue;
      if (!isIncluded(selection, variableValues)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = fields.get(key);
        if (nodes === undefined) fields.set(key, [selection]);
        else nodes.push(selection);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      if (selection.kind === Kind.FRAGMENT_SPREAD) visited.add(selection.name.value);
      if (fragment !== undefined && applies(schema, fragment, type)) collect(fragment.selectionSet);
    }
  };
  selectionSets.forEach(collect);
  return fields;
}

function isIncluded(selection: SelectionNode, variables: Variables): boolean {
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variables)?.['if'] !== true &&
    getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.['if'] !== false
  );
}

function applies(
  schema: GraphQLSchema,
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLObjectType,
): boolean {
  if (typeCondition === undefined) return true;
  const condition = schema.getType(typeCondition.name.value);
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type));
}

function definitionOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

/**
 * Makes what makes the objects of a response. graphql-js's have no prototype, which to V8 are dictionaries and take
 * twice as long to be written as JSON. These are plain objects, whose layout V8 learns for each selection by itself.
 */
function resultsFactory(fields: readonly CompiledField[]): () => Results {
  // Of a plain object this would be the prototype.
  if (fields.some(({ key }) => key === '__proto__')) return () => Object.create(null) as Results;
  function Results(): void {
    // What is in it is set field by field.
  }
  Results.prototype = Object.prototype;
  return () => new (Results as unknown as new () => Results)();
}
