import {
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from './coerce-variables.ts';
import { compileSelection } from './compile-selection.ts';
import type { CompiledSelection, Execution } from './execution.ts';

/** With more variables in `@skip` and `@include` the ways in which they can decide would be too many to be numbered. */
const mostConditions = 30;

/** How many compiled fields an operation may keep for each that is written in its document. */
const keptForEach = 8;

/** Makes an operation ready to be compiled; undefined where it cannot be. */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): CompiledOperation | undefined {
  const root = schema.getRootType(definition.operation);
  if (root == null || definition.operation === OperationTypeNode.SUBSCRIPTION) return undefined;
  const outline = outlineOf(document);
  if (outline.isIncremental || outline.conditions.length > mostConditions) return undefined;
  return new CompiledOperation(definition, root, outline);
}

/** An operation that is compiled as far as it has been executed. */
export class CompiledOperation {
  readonly definition: OperationDefinitionNode;
  readonly fragments: Outline['fragments'];
  readonly #root: GraphQLObjectType;
  readonly #conditions: readonly string[];
  /** One for each way in which the conditions have decided. */
  readonly #selections = new Map<number, CompiledSelection>();
  /** How many fields more may be kept. */
  #room: number;

  constructor(definition: OperationDefinitionNode, root: GraphQLObjectType, outline: Outline) {
    this.definition = definition;
    this.fragments = outline.fragments;
    this.#root = root;
    this.#conditions = outline.conditions;
    this.#room = outline.fields * keptForEach;
  }

  /** Whether it takes more memory than its text accounts for: through variables, fragments and types, any amount. */
  get isTooLarge(): boolean {
    return this.#room < 0;
  }

  /** What it asks of the root in an execution. Throws what is wrong with `@skip` and `@include` there. */
  select(execution: Execution): CompiledSelection {
    const key = this.#keyOf(execution.variableValues);
    const known = this.#selections.get(key);
    if (known !== undefined) return known;
    const selection = compileSelection(execution, this.#root, [this.definition.selectionSet], this.#keep);
    this.#selections.set(key, selection);
    // One without fields takes room as well.
    this.#keep(1);
    return selection;
  }

  readonly #keep = (fields: number): void => {
    this.#room -= fields;
    if (this.isTooLarge) this.#selections.clear();
  };

  #keyOf(variables: Variables): number {
    let key = 0;
    for (const name of this.#conditions) {
      const value = variables[name];
      // Whatever is neither true nor false is an error where it decides.
      key = key * 3 + (value === true ? 2 : value === false ? 1 : 0);
    }
    return key;
  }
}

/** What is known of a document before any of its operations is compiled. */
interface Outline {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  /** How many fields are written in it. */
  readonly fields: number;
  /** The variables that `@skip` and `@include` use. */
  readonly conditions: readonly string[];
  /** Whether it may be answered in parts. */
  readonly isIncremental: boolean;
}

/** Goes through a document once. */
function outlineOf({ definitions }: DocumentNode): Outline {
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
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet)
        sets.push(selection.selectionSet);
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
