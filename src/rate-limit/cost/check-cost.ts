import {
  getNamedType,
  getNullableType,
  type GraphQLDirective,
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
  const ofTypes = Object.values(schema.getTypeMap()).flatMap((type) =>
    isIntrospectionType(type) ? [] : problemsOf(schema, type),
  );
  return [...ofTypes, ...schema.getDirectives().flatMap(problemsOfDirective)];
}

function problemsOfDirective({ name, args }: GraphQLDirective): SchemaProblem[] {
  return args.flatMap((arg) => {
    const weight = weightTextOn(arg.astNode);
    if (weight === undefined) return [];
    const message = `@cost(weight: ${JSON.stringify(weight)}): the arguments of directives do not count. Give the weight to fields.`;
    return [{ coordinate: `@${name}(${arg.name}:)`, message }];
  });
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
    ...Object.values(type.getFields()).flatMap((field) => problemsOfField(schema, type, field)),
  ];
}

function problemsOfField(schema: GraphQLSchema, type: GraphQLNamedType, field: Field): SchemaProblem[] {
  const coordinate = `${type.name}.${field.name}`;
  const size = listSizeOn(schema, field.astNode);
  const messages = size === undefined ? [] : listProblems(field, size);
  return [
    ...weightProblems(coordinate, weightTextOn(field.astNode)),
    ...(isInterfaceType(type) ? interfaceProblems(coordinate, weightTextOn(field.astNode)) : []),
    ...field.args.flatMap((arg) => weightProblems(`${coordinate}(${arg.name}:)`, weightTextOn(arg.astNode))),
    ...messages.map((message) => ({ coordinate, message: `@listSize(${message}` })),
  ];
}

/** A serialized Float, as the specification has it. */
const weightForm = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const largestWeight = 1e9;

function weightProblems(coordinate: string, weight: string | undefined): SchemaProblem[] {
  if (weight === undefined) return [];
  if (weightForm.test(weight) && Math.abs(Number(weight)) <= largestWeight) return [];
  const found = JSON.stringify(weight);
  return [
    { coordinate, message: `@cost(weight: ${found}): write a number up to 1e9, such as "1" or "2.5".` },
  ];
}

function interfaceProblems(coordinate: string, weight: string | undefined): SchemaProblem[] {
  if (weight === undefined) return [];
  const message =
    `@cost(weight: ${JSON.stringify(weight)}): a field of an interface costs what it costs in the types that ` +
    'implement it. Give the weight to their fields.';
  return [{ coordinate, message }];
}

/** Sentences, without the start that they have in common. */
function listProblems(
  field: Field,
  { assumedSize, slicingArguments, sizedFields, ...size }: ListSize,
): string[] {
  const isList = isListType(getNullableType(field.type));
  const slicing = slicingArguments ?? [];
  const hasSized = sizedFields != null && sizedFields.length > 0;
  const isKnown =
    slicing.length > 0 && (size.requireOneSlicingArgument === true || hasDefault(field, slicing));
  return [
    ...(assumedSize != null && assumedSize < 0
      ? [`assumedSize: ${assumedSize}): a list has 0 items or more.`]
      : []),
    ...(assumedSize != null && isKnown
      ? [
          `assumedSize: ${assumedSize}): the slicing arguments always say the size. Leave it out, or have the arguments ` +
            'without defaults and requireOneSlicingArgument: false.',
        ]
      : []),
    ...(assumedSize == null && slicing.length === 0
      ? ['…): nothing says the size. Give assumedSize or slicingArguments.']
      : []),
    ...slicing.flatMap((text) => slicingProblems(field, text)),
    ...(sizedFields ?? []).flatMap((name) => sizedProblems(field, name)),
    ...(isList || hasSized
      ? []
      : ['…): the field is no list. Name in sizedFields the fields of its type that are.']),
  ];
}

/** Whether any of the slicing arguments is there even if nobody gives it. */
function hasDefault({ args }: Field, slicing: readonly string[]): boolean {
  return args.some((arg) => slicing.includes(arg.name) && arg.defaultValue != null);
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
