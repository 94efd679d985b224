import { getNullableType, type GraphQLInputType, isInputObjectType, isListType } from 'graphql';
import type { CostModel, Input } from './cost-model.ts';

/** What the arguments of one operation weigh. What many fields are given, in a variable, is gone through once. */
export class InputWeights {
  readonly #model: CostModel;
  readonly #known = new Map<Input, Map<object, number>>();

  constructor(model: CostModel) {
    this.#model = model;
  }

  /** What an argument adds to its field with this value, which may be less than nothing. */
  of(input: Input, value: unknown): number {
    if (value === undefined || value === null) return 0;
    const own = this.#model.weightOfInput(input);
    return typeof value === 'object' ? own + this.#within(input, value) : own;
  }

  #within(input: Input, value: object): number {
    const known = this.#known.get(input) ?? new Map<object, number>();
    this.#known.set(input, known);
    const weight = known.get(value) ?? this.#inValue(input.type, value);
    known.set(value, weight);
    return weight;
  }

  #inValue(type: GraphQLInputType, value: unknown): number {
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      return items.reduce<number>((sum, item) => sum + this.#inValue(nullable.ofType, item), 0);
    }
    if (!isInputObjectType(nullable) || typeof value !== 'object' || value === null) return 0;
    const fields = nullable.getFields();
    // Coerced, so that it has no entries but those of its type.
    return Object.entries(value).reduce((sum, [name, entry]) => {
      const field = fields[name];
      return field === undefined ? sum : sum + this.of(field, entry);
    }, 0);
  }
}
