import { type FieldNode, type GraphQLArgument, Kind, valueFromAST, type ValueNode } from 'graphql';
import type { Variables } from '../plan/index.ts';
import { atMost, type Cost, larger, nothing, sum, times } from './cost.ts';
import type { CostModel } from './cost-model.ts';
import type { CostNode, CostPlace } from './cost-plan.ts';
import type { FieldRule, SlicingArgument } from './field-rule.ts';
import { InputWeights } from './input-weights.ts';

/** Thrown where an operation does not say how long a list is that it has to say that of. Its message says how. */
export class SizeNotGiven extends Error {
  override readonly name = 'SizeNotGiven';
}

/** What an operation costs, and the selections in it that somebody asked for. */
export interface OperationCost extends Cost {
  /** What each costs in all the objects that have it, by place and coordinate, see `selectionKey`. */
  readonly selections: ReadonlyMap<string, number>;
}

/** The fields with these names have so many items, if any are named. */
interface Sized {
  readonly fields: ReadonlySet<string> | undefined;
  readonly items: number;
}

/**
 * What an operation costs with these variables, composed through nested lists.
 * @throws SizeNotGiven
 */
export function evaluateCost(place: CostPlace, model: CostModel, variables: Variables): OperationCost {
  const evaluation = new Evaluation(model, variables);
  const whole = evaluation.of(place, { count: 1, sized: [] });
  return { ...whole, selections: evaluation.selections };
}

/** The objects that are asked in one place. */
interface Parents {
  /** How many there are. */
  readonly count: number;
  /** For each of the fields that they can be from. */
  readonly sized: readonly Sized[];
}

class Evaluation {
  readonly selections = new Map<string, number>();
  readonly #variables: Variables;
  readonly #weights: InputWeights;
  /** A literal in a fragment is the same wherever that is spread. */
  readonly #literals = new Map<ValueNode, { readonly argument: GraphQLArgument; readonly value: unknown }>();

  constructor(model: CostModel, variables: Variables) {
    this.#variables = variables;
    this.#weights = new InputWeights(model);
  }

  of({ nodes, alternatives }: CostPlace, parents: Parents): Cost {
    if (nodes.length === 0) return nothing;
    const costs = nodes.map((node) => this.#ofNode(node, parents));
    const ofEach = alternatives.map((indices) =>
      indices.reduce((total, index) => sum(total, costs[index] ?? nothing), nothing),
    );
    return ofEach.reduce(larger, nothing);
  }

  #ofNode(node: CostNode, parents: Parents): Cost {
    const asked = node.fields.map(({ field, rule }) => {
      const size = this.#sizeOf(node, rule);
      return { field, rule, size, items: itemsOf(node, rule, size, parents.sized) };
    });
    const sized = asked.map(({ rule: { list }, size }) => ({
      fields: list.sizedFields,
      items: size ?? list.assumedSize,
    }));
    const most = Math.max(...asked.map(({ items }) => items));
    const below = this.of(node.below, { count: atMost(parents.count * most), sized });
    const total = asked.reduce<Cost>((largest, { field, rule, items }) => {
      const args = rule.hasWeightedArguments ? this.#weightOfArguments(node.node, field.args) : 0;
      // Nothing that weighs less than nothing makes it cheaper to have more items, or to ask for more of them.
      const weight = rule.weight > 0 ? items * rule.weight : rule.weight;
      const own = { cost: atMost(Math.max(weight + args, 0)), values: rule.isList ? 1 : 0 };
      return larger(largest, sum(own, times(items, { ...below, values: below.values + 1 })));
    }, nothing);
    this.#charge(node, atMost(Math.ceil(parents.count * total.cost)));
    return total;
  }

  #charge({ charged }: CostNode, cost: number): void {
    for (const key of charged) this.selections.set(key, Math.max(this.selections.get(key) ?? 0, cost));
  }

  /** How many items the slicing arguments ask for; undefined where none does. */
  #sizeOf({ name, node }: CostNode, { list }: FieldRule): number | undefined {
    if (list.slicing.length === 0) return undefined;
    const given = list.slicing.filter((slicing) => lengthOf(this.#given(node, slicing)) !== undefined);
    const lengths = list.slicing.flatMap((slicing) => lengthOf(this.#valueOf(node, slicing)) ?? []);
    if (list.requiresOne && (given.length > 1 || lengths.length === 0)) {
      const names = list.slicing.map(({ argument, path }) => [argument.name, ...path].join('.')).join(', ');
      throw new SizeNotGiven(
        `Field "${name}" has to be told how many items to give by exactly one of the arguments ${names}; ` +
          `${given.length} are given.`,
      );
    }
    return lengths.length === 0 ? undefined : Math.max(...lengths);
  }

  /** Null is as good as nothing: a resolver has to do something then, most likely what it does by default. */
  #valueOf(node: FieldNode, slicing: SlicingArgument): unknown {
    return this.#given(node, slicing) ?? valueAt(slicing, slicing.argument.defaultValue);
  }

  #given(node: FieldNode, slicing: SlicingArgument): unknown {
    const given = node.arguments?.find(({ name }) => name.value === slicing.argument.name)?.value;
    if (given === undefined) return undefined;
    if (given.kind === Kind.VARIABLE) return valueAt(slicing, this.#variables[given.name.value]);
    return valueAt(slicing, this.#literal(given, slicing.argument));
  }

  #literal(node: ValueNode, argument: GraphQLArgument): unknown {
    const known = this.#literals.get(node);
    if (known?.argument === argument) return known.value;
    const value: unknown = valueFromAST(node, argument.type, this.#variables);
    this.#literals.set(node, { argument, value });
    return value;
  }

  #weightOfArguments(node: FieldNode, args: readonly GraphQLArgument[]): number {
    return args.reduce((weight, argument) => {
      return weight + this.#weights.of(argument, this.#valueOf(node, { argument, path: [] }));
    }, 0);
  }
}

function valueAt({ path }: SlicingArgument, whole: unknown): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    whole,
  );
}

function itemsOf(
  { name, items }: CostNode,
  { isList, list }: FieldRule,
  size: number | undefined,
  above: readonly Sized[],
): number {
  if (items !== undefined) return items;
  if (!isList) return 1;
  const own = list.sizedFields === undefined ? (size ?? list.assumedSize) : 1;
  const sizes = above.map((sized) => (sized.fields?.has(name) === true ? sized.items : own));
  // What asks for fewer than one must not cost less than what asks for one.
  return Math.max(1, ...(sizes.length > 0 ? sizes : [own]));
}

/** The number of items that a value asks for: itself, or how many there are in a list of them. */
function lengthOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' ? value : undefined;
}
