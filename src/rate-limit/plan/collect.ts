import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type SelectionSetNode,
} from 'graphql';
import type { Budget } from './budget.ts';
import { type Fragments, isIncluded, type Variables } from './conditions.ts';

/** The object types that an object may have. */
export type TypeSet = ReadonlySet<GraphQLObjectType>;

/** What the selection sets of one operation are read with. */
export interface Scope {
  readonly schema: GraphQLSchema;
  readonly fragments: Fragments;
  readonly variables: Variables;
  readonly budget: Budget;
}

type AskedNodes = [FieldNode, ...FieldNode[]];

/** What objects of some types are asked for under one name in the response. */
export interface AskedField {
  readonly key: string;
  readonly types: TypeSet;
  /** All that ask for it, in document order. */
  readonly nodes: Readonly<AskedNodes>;
}

/** A field node, and the types that it asks. */
interface Collected {
  readonly node: FieldNode;
  readonly types: TypeSet;
}

const none: TypeSet = new Set();

/**
 * The fields that selection sets ask for in one place, by their names in the response: CollectFields of the GraphQL
 * specification (6.3.2) for all types at once, so that types which ask for the same cost no more than one.
 * @param depth how many selection sets these are inside of, themselves included
 */
export function collectFields(
  scope: Scope,
  types: TypeSet,
  sets: readonly (SelectionSetNode | undefined)[],
  depth: number,
): AskedField[] {
  const collector = new Collector(scope);
  for (const set of sets) if (set !== undefined) collector.collect(set, types, depth);
  return [...collector.fields].flatMap(([key, fields]) => groupTypes(key, fields, scope.budget));
}

class Collector {
  readonly fields = new Map<string, [Collected, ...Collected[]]>();
  readonly #scope: Scope;
  /** For each fragment the types that have collected its fields. A second spread of it changes nothing for them. */
  readonly #spread = new Map<string, TypeSet>();

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  collect({ selections }: SelectionSetNode, types: TypeSet, depth: number): void {
    const { budget, variables } = this.#scope;
    budget.checkDepth(depth);
    if (types.size === 0) return;
    for (const selection of selections) {
      budget.countField();
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) this.#add(selection, types);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) this.#follow(selection.name.value, types, depth + 1);
      else this.collect(selection.selectionSet, this.#narrow(types, selection.typeCondition), depth + 1);
    }
  }

  #add(node: FieldNode, types: TypeSet): void {
    const key = (node.alias ?? node.name).value;
    const known = this.fields.get(key);
    if (known === undefined) this.fields.set(key, [{ node, types }]);
    else known.push({ node, types });
  }

  #follow(name: string, types: TypeSet, depth: number): void {
    const fragment = this.#scope.fragments.get(name);
    if (fragment === undefined) return;
    const before = this.#spread.get(name) ?? none;
    this.#spread.set(name, before === none ? types : new Set([...before, ...types]));
    const left = before === none ? types : new Set([...types].filter((type) => !before.has(type)));
    this.collect(fragment.selectionSet, this.#narrow(left, fragment.typeCondition), depth);
  }

  /** Those of the types that a fragment with this type condition applies to; the same set if it applies to all. */
  #narrow(types: TypeSet, condition: NamedTypeNode | undefined): TypeSet {
    if (condition === undefined) return types;
    const { schema, budget } = this.#scope;
    const type = schema.getType(condition.name.value);
    if (isObjectType(type)) return !types.has(type) ? none : types.size === 1 ? types : new Set([type]);
    if (!isAbstractType(type)) return none;
    budget.countSteps(types.size);
    const narrowed = [...types].filter((each) => schema.isSubType(type, each));
    return narrowed.length === types.size ? types : new Set(narrowed);
  }
}

/** Divides the types that ask for one name in the response by the nodes through which they do. */
function groupTypes(
  key: string,
  fields: readonly [Collected, ...Collected[]],
  budget: Budget,
): readonly AskedField[] {
  const [{ node, types }, ...others] = fields;
  if (others.every((other) => other.types === types)) {
    return [{ key, types, nodes: [node, ...others.map((other) => other.node)] }];
  }
  // A fragment can be spread for some types here and for others there: then a node is found again.
  const numbers = new Map<FieldNode, number>();
  const nodesOf = new Map<GraphQLObjectType, AskedNodes>();
  for (const field of fields) {
    budget.countSteps(field.types.size);
    numbers.set(field.node, numbers.get(field.node) ?? numbers.size);
    for (const type of field.types) {
      const nodes = nodesOf.get(type);
      if (nodes === undefined) nodesOf.set(type, [field.node]);
      else nodes.push(field.node);
    }
  }
  const groups = Map.groupBy(nodesOf, ([, nodes]) => nodes.map((each) => numbers.get(each)).join());
  return [...groups.values()].flatMap((alike) =>
    alike.slice(0, 1).map(([, nodes]) => ({ key, types: new Set(alike.map(([type]) => type)), nodes })),
  );
}
