import { type FieldNode, Kind, valueFromAST } from 'graphql';
import type { Variables } from '../plan/index.ts';
import { type Cost, larger, nothing, sum, times } from './cost.ts';
import type { CostModel } from './cost-model.ts';
import type { CostNode, CostPlace } from './cost-plan.ts';
import type { FieldRule, SlicingArgument } from './field-rule.ts';

/** Thrown where an operation does not say how long a list is that it has to say that of. Its message says how. */
export class SizeNotGiven extends Error {
  override readonly name = 'SizeNotGiven';
}

/** What an operation costs, and the selections in it that somebody asked for. */
export interface OperationCost extends Cost {
  /** By place and coordinate, see `selectionKey`. */
  readonly selections: ReadonlyMap<string, number>;
}

/** So many items have fields with these names. */
interface Sized {
  readonly fields: ReadonlySet<string>;
  readonly items: number;
}

/**
 * What an operation costs with these variables, composed through nested lists.
 * @throws SizeNotGiven
 */
export function evaluateCost(place: CostPlace, model: CostModel, variables: Variables): OperationCost {
  const evaluation = new Evaluation(model, variables);
  const whole = evaluation.of(place, []);
  return { ...whole, selections: evaluation.selections };
}

class Evaluation {
  readonly selections = new Map<string, number>();
  readonly #model: CostModel;
  readonly #variables: Variables;

  constructor(model: CostModel, variables: Variables) {
    this.#model = model;
    this.#variables = variables;
  }

  of({ nodes, alternatives }: CostPlace, sized: readonly Sized[]): Cost {
    if (nodes.length === 0) return nothing;
    const costs = nodes.map((node) => this.#ofNode(node, sized));
    const ofEach = alternatives.map((indices) =>
      indices.reduce((total, index) => sum(total, costs[index] ?? nothing), nothing),
    );
    return ofEach.reduce(larger, nothing);
  }

  #ofNode(node: CostNode, above: readonly Sized[]): Cost {
    const { fields } = node;
    const sizes = fields.map(({ rule }) => this.#sizeOf(node, rule));
    const sized = fields.flatMap(({ rule }, index) =>
      rule.list.sizedFields === undefined
        ? []
        : [{ fields: rule.list.sizedFields, items: sizes[index] ?? rule.list.assumedSize }],
    );
    const below = this.of(node.below, sized);
    const total = fields.reduce<Cost>((largest, { field, rule }, index) => {
      const items = rule.isList || node.items !== undefined ? itemsOf(node, rule, sizes[index], above) : 1;
      const each = sum({ cost: rule.weight, values: 1 }, below);
      const list = rule.isList ? 1 : 0;
      const args = rule.hasWeightedArguments ? this.#weightOfArguments(node.node, field.args) : 0;
      return larger(largest, sum(times(items, each), { cost: args, values: list }));
    }, nothing);
    for (const key of node.charged) {
      this.selections.set(key, Math.max(this.selections.get(key) ?? 0, Math.ceil(total.cost)));
    }
    return total;
  }

  /** How many items the slicing arguments ask for; undefined where none is given. */
  #sizeOf({ name, node }: CostNode, { list }: FieldRule): number | undefined {
    if (list.slicing.length === 0) return undefined;
    const given = list.slicing.flatMap((slicing) => lengthOf(this.#valueOf(node, slicing)) ?? []);
    if (list.requiresOne && given.length !== 1) {
      const names = list.slicing.map(({ argument, path }) => [argument.name, ...path].join('.')).join(', ');
      throw new SizeNotGiven(
        `Field "${name}" has to be told how many items to give by exactly one of the arguments ${names}; ` +
          `${given.length} are given.`,
      );
    }
    return given.length === 0 ? undefined : Math.max(...given);
  }

  #valueOf(node: FieldNode, { argument, path }: SlicingArgument): unknown {
    const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
    let value: unknown;
    if (given?.kind === Kind.VARIABLE) value = this.#variables[given.name.value];
    else if (given !== undefined) value = valueFromAST(given, argument.type, this.#variables);
    // Null is as good as nothing: a resolver has to do something then, most likely what it does by default.
    const whole = value ?? argument.defaultValue;
    return path.reduce<unknown>(
      (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
      whole,
    );
  }

  #weightOfArguments(node: FieldNode, args: CostNode['fields'][number]['field']['args']): number {
    return args.reduce((weight, argument) => {
      const value = this.#valueOf(node, { argument, path: [] });
      return weight + this.#model.weightOfValue(argument, value);
    }, 0);
  }
}

function itemsOf(
  { name, items }: CostNode,
  { list }: FieldRule,
  size: number | undefined,
  above: readonly Sized[],
): number {
  if (items !== undefined) return items;
  const sizes = above.flatMap((sized) => (sized.fields.has(name) ? [sized.items] : []));
  if (sizes.length > 0) return Math.max(1, ...sizes);
  // What asks for fewer than one must not cost less than what asks for one.
  return list.sizedFields === undefined ? Math.max(size ?? list.assumedSize, 1) : 1;
}

/** The number of items that a value asks for: itself, or how many there are in a list of them. */
function lengthOf(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' ? value : undefined;
}
