import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
} from 'graphql';
import type { SchemaProblem } from '../../directives/schema-error.ts';
import { resolvePath } from '../argument-path.ts';
import { type ListSize, listSizeOn, weightTextOn } from './cost-directives.ts';

type Field = GraphQLField<unknown, unknown>;

/** What of `@cost` and `@listSize` in a schema cannot work. */
export function checkCost(schema: GraphQLSchema): SchemaProblem[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isIntrospectionType(type) ? [] : problemsOf(schema, type),
  );
}

function problemsOf(schema: GraphQLSchema, type: GraphQLNamedType): SchemaProblem[] {
  const own = [type.astNode, ...type.extensionASTNodes].flatMap((node) =>
    weightProblems(type.name, weightTextOn(node)),
  );
  if (isInputObjectType(type)) {
    const entries = Object.values(type.getFields());
    return [
      ...own,
      ...entries.flatMap((each) => weightProblems(`${type.name}.${each.name}`, weightTextOn(each.astNode))),
    ];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return own;
  return [
    ...own,
    ...Object.values(type.getFields()).flatMap((field) => problemsOfField(schema, type.name, field)),
  ];
}

function problemsOfField(schema: GraphQLSchema, typeName: string, field: Field): SchemaProblem[] {
  const coordinate = `${typeName}.${field.name}`;
  const size = listSizeOn(schema, field.astNode);
  const messages = size === undefined ? [] : listProblems(field, size);
  return [
    ...weightProblems(coordinate, weightTextOn(field.astNode)),
    ...field.args.flatMap((arg) => weightProblems(`${coordinate}(${arg.name}:)`, weightTextOn(arg.astNode))),
    ...messages.map((message) => ({ coordinate, message: `@listSize(${message}` })),
  ];
}

function weightProblems(coordinate: string, weight: string | undefined): SchemaProblem[] {
  if (weight === undefined || (/^\d+(\.\d+)?$/.test(weight) && Number(weight) <= 1e9)) return [];
  const found = JSON.stringify(weight);
  return [
    { coordinate, message: `@cost(weight: ${found}): write a number from 0 to 1e9, such as "1" or "2.5".` },
  ];
}

/** Sentences, without the start that they have in common. */
function listProblems(field: Field, { assumedSize, slicingArguments, sizedFields }: ListSize): string[] {
  const isList = isListType(getNullableType(field.type));
  const isBad = assumedSize != null && assumedSize < 0;
  return [
    ...(isBad ? [`assumedSize: ${assumedSize}): a list has 0 items or more.`] : []),
    ...(slicingArguments ?? []).flatMap((text) => slicingProblems(field, text)),
    ...(sizedFields ?? []).flatMap((name) => sizedProblems(field, name)),
    ...(isList || sizedFields != null
      ? []
      : ['…): the field is no list. Name in sizedFields the fields of its type that are.']),
  ];
}

function slicingProblems({ args }: Field, text: string): string[] {
  const path = resolvePath(args, text, 'multipliers');
  if (typeof path === 'string') return [`slicingArguments: ${JSON.stringify(text)}): ${path}.`];
  return [];
}

function sizedProblems({ type }: Field, name: string): string[] {
  const named = getNamedType(type);
  const fields = isObjectType(named) || isInterfaceType(named) ? named.getFields() : {};
  const found = fields[name];
  if (found !== undefined && isListType(getNullableType(found.type))) return [];
  const lists = Object.values(fields).filter((field) => isListType(getNullableType(field.type)));
  const known = lists.map((field) => field.name).join(', ') || 'none';
  return [
    `sizedFields: ${JSON.stringify(name)}): ${named.name} has no list of that name. Its lists: ${known}.`,
  ];
}
