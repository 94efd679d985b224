import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** Coerced, with their defaults. */
export type Variables = Readonly<Record<string, unknown>>;
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Whether `@skip` and `@include` leave a selection in. What cannot be told, in a document that is not valid, stays in. */
export function isIncluded(selection: SelectionNode, variables: Variables): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  const valueOf = (value: ValueNode | undefined): unknown => {
    if (value?.kind === Kind.VARIABLE) return variables[value.name.value];
    return value?.kind === Kind.BOOLEAN ? value.value : undefined;
  };
  return valueOf(condition(selection, 'skip')) !== true && valueOf(condition(selection, 'include')) !== false;
}

/** The names of the variables that decide, in `@skip` and `@include`, what an operation asks for. */
export function conditionVariables(operation: OperationDefinitionNode, fragments: Fragments): string[] {
  const names = new Set<string>();
  // Grows while it is gone through. A stack of calls would overflow in a document that nests deep.
  const sets = new Set<SelectionSetNode>([operation.selectionSet]);
  for (const { selections } of sets) {
    for (const selection of selections) {
      for (const directive of ['skip', 'include'] as const) {
        const value = condition(selection, directive);
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      }
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (inner?.selectionSet !== undefined) sets.add(inner.selectionSet);
    }
  }
  return [...names];
}

function condition({ directives }: SelectionNode, name: 'skip' | 'include'): ValueNode | undefined {
  const directive = directives?.find((each) => each.name.value === name);
  return directive?.arguments?.find((argument) => argument.name.value === 'if')?.value;
}

/** The fragments of a document, by name. */
export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments = definitions.filter(
    (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}
