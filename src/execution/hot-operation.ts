import type { GraphQLObjectType, OperationDefinitionNode } from 'graphql';
import { compileSelection } from './compile-selection.ts';
import type { CompiledSelection } from './compiled.ts';
import type { Execution, Variables } from './execution.ts';
import type { Outline } from './outline.ts';

/** How many compiled fields an operation may keep for each that is written in its document. */
const keptForEach = 8;

/** An operation that is compiled as far as it has been executed. */
export class HotOperation {
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
    const sets = [this.definition.selectionSet];
    const selection = compileSelection(execution, this.#root, sets, (fields) => {
      this.#keep(fields);
    });
    this.#selections.set(key, selection);
    // One without fields takes room as well.
    this.#keep(1);
    return selection;
  }

  #keep(fields: number): void {
    this.#room -= fields;
    if (this.isTooLarge) this.#selections.clear();
  }

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
