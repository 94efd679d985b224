import { type ConstDirectiveNode, getDirectiveValues, type GraphQLSchema, Kind } from 'graphql';

/** What directives stand on. */
type Definition = { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined;

/** The arguments of `@listSize`. */
export interface ListSize {
  readonly assumedSize?: number | null;
  readonly slicingArguments?: readonly string[] | null;
  readonly sizedFields?: readonly string[] | null;
  readonly requireOneSlicingArgument?: boolean | null;
}

/** The weight that `@cost` gives a definition, as it is written; undefined where there is none. */
export function weightTextOn(definition: Definition): string | undefined {
  const use = definition?.directives?.find(({ name }) => name.value === 'cost');
  const value = use?.arguments?.find(({ name }) => name.value === 'weight')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

export function weightOn(definition: Definition): number | undefined {
  const text = weightTextOn(definition);
  return text === undefined ? undefined : Number(text);
}

export function listSizeOn(schema: GraphQLSchema, definition: Definition): ListSize | undefined {
  const directive = schema.getDirective('listSize');
  if (directive == null || definition == null) return undefined;
  return getDirectiveValues(directive, { directives: definition.directives ?? [] });
}
