import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isAbstractType,
  isObjectType,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { type AskedField, collectFields, type Scope, type TypeSet } from '../plan/index.ts';
import type { CostModel } from './cost-model.ts';
import type { FieldRule } from './field-rule.ts';
import { atRoot, type Introspected, type IntrospectionSizes } from './introspection-sizes.ts';

type Field = GraphQLField<unknown, unknown>;

/** What objects in one place of the response are asked for. */
export interface CostPlace {
  readonly nodes: readonly CostNode[];
  /** For each type that asks in a way of its own, what it asks for, as indices of the nodes: an object has one type. */
  readonly alternatives: readonly (readonly number[])[];
}

/** A field under one name in the response, merged of all that ask for it. */
export interface CostNode {
  readonly name: string;
  readonly node: FieldNode;
  /** As each of the types has it that ask for it. */
  readonly fields: readonly { readonly field: Field; readonly rule: FieldRule }[];
  /** How many items an introspection field has; undefined for other fields. */
  readonly items: number | undefined;
  /** Names it among the selections: its place and coordinates; empty where nobody asks for its cost. */
  readonly charged: readonly string[];
  readonly below: CostPlace;
}

/** What cost plans are made with. */
export interface CostOptions {
  readonly model: CostModel;
  readonly sizes: IntrospectionSizes;
  /** Whether a limit on the field with this coordinate counts cost. */
  readonly isCharged: (coordinate: string) => boolean;
}

const empty: CostPlace = { nodes: [], alternatives: [] };

/** The way to a place. */
interface Way {
  readonly path: string;
  /** How many selection sets are on it. */
  readonly depth: number;
  readonly introspected: Introspected | undefined;
}

/** The name of a selection, under which its cost is found. */
export function selectionKey(place: string, coordinate: string): string {
  return `${place} ${coordinate}`;
}

/** Follows an operation from its root type to everything that it asks for. */
export class CostPlacer {
  readonly #scope: Scope;
  readonly #options: CostOptions;

  constructor(scope: Scope, options: CostOptions) {
    this.#scope = scope;
    this.#options = options;
  }

  fromRoot(type: GraphQLObjectType, selectionSet: SelectionSetNode): CostPlace {
    return this.#place(new Set([type]), [selectionSet], { path: '', depth: 1, introspected: atRoot });
  }

  #place(types: TypeSet, sets: readonly (SelectionSetNode | undefined)[], way: Way): CostPlace {
    const asked = collectFields(this.#scope, types, sets, way.depth);
    if (asked.length === 0) return empty;
    const nodes = asked.map((field) => this.#node(field, way));
    return { nodes, alternatives: this.#alternatives(types, asked) };
  }

  #alternatives(types: TypeSet, asked: readonly AskedField[]): CostPlace['alternatives'] {
    const all = asked.map((_, index) => index);
    if (types.size === 1 || asked.every((field) => field.types.size === types.size)) return [all];
    this.#scope.budget.countSteps(types.size * asked.length);
    const lists = [...types].map((type) => all.filter((index) => asked[index]?.types.has(type) === true));
    return [...new Map(lists.map((list) => [list.join(), list])).values()];
  }

  #node({ key, types, nodes }: AskedField, way: Way): CostNode {
    const { model, sizes, isCharged } = this.#options;
    const [node] = nodes;
    const name = node.name.value;
    const path = way.path === '' ? key : `${way.path}.${key}`;
    this.#scope.budget.countSteps(types.size + path.length / lettersPerStep);
    const found = new Map<Field, GraphQLObjectType>();
    for (const type of types) {
      const field = fieldOf(type, name);
      if (field !== undefined) found.set(field, type);
    }
    const [parent] = types;
    const coordinate = `${parent?.name ?? ''}.${name}`;
    const introspected = way.introspected && sizes.below(coordinate, way.introspected);
    const sets = nodes.map(({ selectionSet }) => selectionSet);
    const targets = new Set([...found.keys()].flatMap((field) => this.#targetsOf(field)));
    return {
      name,
      node,
      fields: [...found].map(([field, type]) => ({ field, rule: model.ruleOf(field, type) })),
      items: introspected?.items,
      charged: [...found.values()]
        .map((type) => `${type.name}.${name}`)
        .filter(isCharged)
        .map((each) => selectionKey(path, each)),
      below:
        targets.size === 0 ? empty : this.#place(targets, sets, { path, depth: way.depth + 1, introspected }),
    };
  }

  #targetsOf({ type }: Field): readonly GraphQLObjectType[] {
    const named = getNamedType(type);
    if (isObjectType(named)) return [named];
    return isAbstractType(named) ? this.#scope.schema.getPossibleTypes(named) : [];
  }
}

/** Letters of a path that weigh as much as a step. */
const lettersPerStep = 8;

const metaFields: ReadonlyMap<string, Field> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field]),
);

function fieldOf(type: GraphQLObjectType, name: string): Field | undefined {
  return name.startsWith('__') ? metaFields.get(name) : type.getFields()[name];
}
