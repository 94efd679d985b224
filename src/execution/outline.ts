import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/** What is known of a document before any of its operations is compiled. */
export interface Outline {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** How many fields are written in it. */
  readonly fields: number;
  /** The variables that `@skip` and `@include` use. */
  readonly conditions: readonly string[];
  /** Whether it may be answered in parts. */
  readonly isIncremental: boolean;
}

/** Goes through a document once. */
export function outlineOf({ definitions }: DocumentNode): Outline {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  const directives: DirectiveNode[] = [];
  let fields = 0;
  // Grows while it is gone through. A stack of calls would overflow in a document that nests deep.
  const sets: SelectionSetNode[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
    if ('selectionSet' in definition) sets.push(definition.selectionSet);
  }
  for (const { selections } of sets) {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) fields += 1;
      directives.push(...(selection.directives ?? []));
      if (selection.kind !== Kind.FRAGMENT_SPREAD)
        sets.push(...(selection.selectionSet ? [selection.selectionSet] : []));
    }
  }
  const names = directives.map(({ name }) => name.value);
  const isIncremental = names.includes('defer') || names.includes('stream');
  return { fragments, fields, conditions: [...new Set(directives.flatMap(variablesOf))], isIncremental };
}

function variablesOf({ name, arguments: args = [] }: DirectiveNode): string[] {
  if (name.value !== 'skip' && name.value !== 'include') return [];
  return args.flatMap(({ value }) => (value.kind === Kind.VARIABLE ? [value.name.value] : []));
}
