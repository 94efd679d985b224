import {
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql';
import { type AskedField, collectFields, type Scope, type TypeSet } from './collect.ts';
import type { RelevantField, RelevantFields } from './relevant-fields.ts';
import type { RootSelection, Selection } from './selection-plan.ts';

/** What objects in one place of the response are asked for, as far as limits go. */
export interface Place {
  /** What the objects can be. */
  readonly types: TypeSet;
  /** Limited fields, and places that fields lead to; in document order, a selection before what lies under it. */
  readonly asks: ReadonlyMap<Selection | Place, Ask>;
}

/** Who asks for something, and by which ways. */
export interface Ask {
  readonly types: TypeSet;
  /** Of a place the limited fields that lead to it; undefined among them: so does a field that is not limited. */
  readonly gates: ReadonlySet<Selection | undefined>;
}

/** Letters of a path that weigh as much as a step. Nesting repeats them, so that long aliases could fill the memory. */
const lettersPerStep = 8;

const noGates: Ask['gates'] = new Set();

/** The way to a place. */
interface Way {
  readonly path: string;
  /** How many selection sets are on it. */
  readonly depth: number;
  /** Whether its parent is certain to be null as soon as it is. */
  readonly isFatal: boolean;
  /** Whether no field on it is abstract. */
  readonly isCertain: boolean;
}

/**
 * What some nodes in one place have come to. Types above can lead to them in different ways: they are looked at once,
 * which keeps deep nesting linear, and the types are seen to ask for the same.
 */
interface Made {
  readonly selections: Map<RelevantField, Selection>;
  /** By the types that are looked at below. */
  readonly places: Map<TypeSet, Place>;
}

/** Follows an operation from its root type to every limited field that it asks for. */
export class PlaceBuilder {
  readonly #scope: Scope;
  readonly #relevant: RelevantFields;
  readonly #made = new Map<string, Made>();
  readonly #ids = new Map<FieldNode, number>();

  constructor(scope: Scope, relevant: RelevantFields) {
    this.#scope = scope;
    this.#relevant = relevant;
  }

  fromRoot(
    type: GraphQLObjectType,
    selectionSet: SelectionSetNode,
  ): { readonly place: Place; readonly roots: readonly RootSelection[] } {
    const types = new Set([type]);
    const fields = collectFields(this.#scope, types, [selectionSet], 1);
    const roots = fields.flatMap(({ key, nodes: [node] }) => {
      const name = node.name.value;
      const isKnown = name.startsWith('__') || type.getFields()[name] !== undefined;
      return isKnown ? [{ key, node, coordinate: `${type.name}.${name}` }] : [];
    });
    const way = { path: '', depth: 1, isFatal: true, isCertain: true };
    return { place: this.#place(types, fields, way), roots };
  }

  #place(types: TypeSet, fields: readonly AskedField[], { path, ...above }: Way): Place {
    const asks = new Map<Selection | Place, Ask>();
    for (const field of fields) {
      this.#ask(asks, field, { ...above, path: path === '' ? field.key : `${path}.${field.key}` });
    }
    return { types, asks };
  }

  #ask(asks: Map<Selection | Place, Ask>, { types, nodes }: AskedField, way: Way): void {
    const { budget } = this.#scope;
    budget.countSteps(types.size + way.path.length / lettersPerStep);
    const fields = this.#relevantFields(types, nodes[0].name.value);
    if (fields.length === 0) return;
    const made = this.#madeOf(nodes, way);
    for (const field of fields) {
      if (!field.isLimited) continue;
      budget.countField();
      const selection = made.selections.get(field) ?? selectionOf(field, nodes[0], way);
      made.selections.set(field, selection);
      asks.set(selection, { types: field.parent, gates: noGates });
    }
    const leading = fields.filter(({ leadsTo }) => leadsTo.size > 0);
    for (const [place, alike] of Map.groupBy(leading, (field) => this.#below(made, field, nodes, way))) {
      if (place.asks.size === 0) continue;
      asks.set(place, {
        types: new Set(alike.flatMap(({ parent }) => [...parent])),
        gates: new Set(alike.map((field) => made.selections.get(field))),
      });
    }
  }

  #relevantFields(types: TypeSet, name: string): RelevantField[] {
    const fields: RelevantField[] = [];
    for (const type of types) {
      const field = this.#relevant.get(type)?.get(name);
      if (field !== undefined) fields.push(field);
    }
    return fields;
  }

  #madeOf(nodes: readonly FieldNode[], { path }: Way): Made {
    const ids = nodes.map((node) => {
      const id = this.#ids.get(node) ?? this.#ids.size;
      this.#ids.set(node, id);
      return id;
    });
    const key = `${path} ${ids.join()}`;
    const made = this.#made.get(key) ?? { selections: new Map(), places: new Map() };
    this.#made.set(key, made);
    return made;
  }

  #below({ places }: Made, { field, leadsTo }: RelevantField, nodes: readonly FieldNode[], way: Way): Place {
    const known = places.get(leadsTo);
    if (known !== undefined) return known;
    const depth = way.depth + 1;
    const sets = nodes.map(({ selectionSet }) => selectionSet);
    const place = this.#place(leadsTo, collectFields(this.#scope, leadsTo, sets, depth), {
      path: way.path,
      depth,
      isFatal: way.isFatal && isNonNullType(field.type) && isObjectType(field.type.ofType),
      isCertain: way.isCertain && isObjectType(getNamedType(field.type)),
    });
    places.set(leadsTo, place);
    return place;
  }
}

function selectionOf({ coordinate, field }: RelevantField, node: FieldNode, way: Way): Selection {
  const isFatal = way.isFatal && isNonNullType(field.type);
  return { coordinate, place: way.path, field, node, isFatal, isCertain: way.isCertain };
}
