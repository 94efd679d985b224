import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields } from './collect-fields.ts';
import { compileField } from './compile-field.ts';
import type { CompiledField, CompiledSelection } from './compiled.ts';
import type { Execution } from './execution.ts';
import { resultsFactory } from './results-factory.ts';

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
  return { fields, createResults: resultsFactory(fields) };
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
