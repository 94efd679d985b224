import {
  getNamedType,
  type GraphQLObjectType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { type CollectedField, collectFields, type PlacedSet, type Scope } from './collect.ts';
import { groupTypes, type TypeGroup } from './group-types.ts';
import type { RelevantField, RelevantFields } from './relevant-fields.ts';
import type { RootSelection, Selection } from './selection-plan.ts';
import type { TypeSet } from './type-sets.ts';

/** What objects in one place of the response are asked for, as far as limits go. */
export interface Place {
  readonly types: TypeSet;
  /** In document order, a selection before what lies under it. */
  readonly asks: readonly Ask[];
}

/** Something that the objects of some of the types in a place are asked for. */
export type Ask = LimitedAsk | DeeperAsk;

export interface LimitedAsk {
  readonly kind: 'limited';
  readonly types: TypeSet;
  readonly selection: Selection;
}

export interface DeeperAsk {
  readonly kind: 'deeper';
  readonly types: TypeSet;
  readonly place: Place;
  /** The limited fields that lead to the place, one for each type whose field is limited. */
  readonly through: readonly Selection[];
  /** Whether a field that is not limited leads there as well. */
  readonly isFree: boolean;
}

type Nodes = TypeGroup['fields'];

/** The way to a place. */
interface Way {
  readonly path: string;
  /** Whether its parent is certain to be null as soon as it is. */
  readonly isFatal: boolean;
  /** Whether no field on it is abstract. */
  readonly isCertain: boolean;
}

/** A way down from a place that several types have in common, while their fields are gone through. */
interface Branch {
  readonly types: GraphQLObjectType[];
  readonly through: Selection[];
  readonly field: RelevantField;
  isFree: boolean;
}

/** Follows an operation from its root type to every limited field that it asks for. */
export class PlaceBuilder {
  readonly #scope: Scope;
  readonly #relevant: RelevantFields;
  /** Two types above can lead to one place by the same nodes. It is looked at once, which keeps deep nesting linear. */
  readonly #known = new Map<string, Place>();
  readonly #ids = new Map<unknown, number>();
  /** By place and coordinate, for each list of nodes that asks for it. */
  readonly #selections = new Map<string, { readonly selection: Selection; readonly fields: Nodes }[]>();

  constructor(scope: Scope, relevant: RelevantFields) {
    this.#scope = scope;
    this.#relevant = relevant;
  }

  fromRoot(
    type: GraphQLObjectType,
    selectionSet: SelectionSetNode,
  ): { readonly place: Place; readonly roots: readonly RootSelection[] } {
    const types = this.#scope.typeSets.of([type]);
    const fields = collectFields(this.#scope, types, [{ selectionSet, depth: 1 }]);
    const roots = [...fields].flatMap(([key, [first]]) => {
      const name = first?.node.name.value ?? '';
      const isKnown = name.startsWith('__') || type.getFields()[name] !== undefined;
      return first !== undefined && isKnown
        ? [{ key, node: first.node, coordinate: `${type.name}.${name}` }]
        : [];
    });
    return {
      place: { types, asks: this.#asks(fields, { path: '', isFatal: true, isCertain: true }) },
      roots,
    };
  }

  #asks(fields: ReadonlyMap<string, readonly CollectedField[]>, { path, ...above }: Way): Ask[] {
    const asks: Ask[] = [];
    for (const [key, collected] of fields) {
      const way = { path: path === '' ? key : `${path}.${key}`, ...above };
      this.#scope.budget.countPlace(way.path);
      for (const group of groupTypes(this.#scope, collected)) asks.push(...this.#asksOfGroup(group, way));
    }
    return asks;
  }

  #asksOfGroup({ types, fields }: TypeGroup, way: Way): Ask[] {
    const { typeSets, budget } = this.#scope;
    const name = fields[0].node.name.value;
    budget.countSteps(types.size);
    const limited: LimitedAsk[] = [];
    const branches = new Map<unknown, Branch>();
    for (const type of types) {
      const field = this.#relevant.get(type)?.get(name);
      if (field === undefined) continue;
      const selection = field.isLimited ? this.#selection(field, fields, way) : undefined;
      if (selection !== undefined) limited.push({ kind: 'limited', types: typeSets.of([type]), selection });
      if (field.leadsTo.length > 0) extend(branches, type, field, selection);
    }
    return [
      ...limited,
      ...[...branches.values()].flatMap((branch) => this.#deeper(branch, fields, way) ?? []),
    ];
  }

  /** One object for one selection, so that types which lead to it in different ways are seen to ask for the same. */
  #selection(
    { coordinate, field }: RelevantField,
    fields: Nodes,
    { path, isFatal, isCertain }: Way,
  ): Selection {
    this.#scope.budget.countField();
    const key = `${path} ${coordinate}`;
    const same = this.#selections.get(key) ?? [];
    this.#selections.set(key, same);
    const known = same.find((other) => isSame(other.fields, fields));
    if (known !== undefined) return known.selection;
    const { node } = fields[0];
    const isVital = isFatal && isNonNullType(field.type);
    const selection = { coordinate, place: path, field, node, isFatal: isVital, isCertain };
    same.push({ selection, fields });
    return selection;
  }

  #deeper(
    { types, through, isFree, field }: Branch,
    fields: Nodes,
    { path, isFatal, isCertain }: Way,
  ): DeeperAsk | undefined {
    this.#scope.budget.countSteps(fields.length);
    const ids = [field.leadsTo, ...fields.map(({ node }) => node)].map((each) => this.#idOf(each));
    const key = `${path} ${ids.join()}`;
    const { type } = field.field;
    const known = this.#known.get(key);
    const place =
      known ??
      this.#placeUnder(fields, field.leadsTo, {
        path,
        isFatal: isFatal && isNonNullType(type) && isObjectType(type.ofType),
        isCertain: isCertain && isObjectType(getNamedType(type)),
      });
    this.#known.set(key, place);
    if (place.asks.length === 0) return undefined;
    return { kind: 'deeper', types: this.#scope.typeSets.of(types), place, through, isFree };
  }

  #placeUnder(above: readonly CollectedField[], objects: readonly GraphQLObjectType[], way: Way): Place {
    const types = this.#scope.typeSets.of(objects);
    const sets = above.map(({ node, depth }): PlacedSet => ({
      selectionSet: node.selectionSet,
      depth: depth + 1,
    }));
    return { types, asks: this.#asks(collectFields(this.#scope, types, sets), way) };
  }

  #idOf(thing: unknown): number {
    const id = this.#ids.get(thing) ?? this.#ids.size;
    this.#ids.set(thing, id);
    return id;
  }
}

function isSame(a: Nodes, b: Nodes): boolean {
  return a.length === b.length && a.every(({ node }, index) => node === b[index]?.node);
}

/** Fields that lead to the same types go one way. */
function extend(
  branches: Map<unknown, Branch>,
  type: GraphQLObjectType,
  field: RelevantField,
  selection: Selection | undefined,
): void {
  const branch = branches.get(field.leadsTo) ?? { types: [], through: [], field, isFree: false };
  branches.set(field.leadsTo, branch);
  branch.types.push(type);
  if (selection === undefined) branch.isFree = true;
  else branch.through.push(selection);
}
