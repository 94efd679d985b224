import {
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { visitAskedFields } from './asked-fields.ts';
import { canFindEntities, concealsIds, type EntityRules, hasId, ResponseKeys } from './entity-types.ts';
import { typesOf } from './hints.ts';
import { reachOf } from './reach.ts';
import { type Tag, typeTag } from './tags.ts';

/** What a mutation changes, as far as the objects that it returns show it. */
export interface ChangePlan {
  /** Whether the ids of the objects in the result are to be found. */
  readonly findsEntities: boolean;
  /** The types of the objects that count as changed. */
  readonly types: ReadonlySet<string>;
  /** What is dropped whatever the result: types whose objects cannot be told apart. */
  readonly tags: readonly Tag[];
  /** The types of objects, by the response key under which they are. Where there are none, any of them has changed. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  /** The response keys of the fields that change objects. */
  readonly roots: ReadonlySet<string>;
  /** The response keys of values in which no objects of the schema are to be found. */
  readonly opaque: ReadonlySet<string>;
}

/**
 * What is known of the objects that a mutation changes. Every object in its result counts as changed.
 * @param document one operation with the fragments it uses, valid for the schema
 * @param isSilent whether a field of the mutation type, by its coordinate, returns objects that it has not changed
 * @returns undefined if it is no mutation, or returns no objects
 */
export function planChanges(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  rules: EntityRules & { readonly isSilent: (coordinate: string) => boolean },
): ChangePlan | undefined {
  if (operation.operation !== OperationTypeNode.MUTATION) return undefined;
  const places = new Map<string, Set<string>>();
  const roots = new Set<string>();
  const concealed = new Set<string>();
  const keys = new ResponseKeys();
  const silent = new Set<string>();
  const { isBeyond, hidesIds } = reachOf(document);
  const listDepth = visitAskedFields(schema, document, operation, (asked) => {
    const { key, parent, field, leadsTo, isRoot } = asked;
    if (isRoot && rules.isSilent(`${parent.name}.${field.name}`)) {
      silent.add(key);
      return false;
    }
    keys.add(asked);
    if (leadsTo === undefined) return true;
    if (isRoot) roots.add(key);
    const types = places.get(key) ?? new Set();
    for (const { name } of typesOf(schema, leadsTo)) {
      types.add(name);
      if (concealsIds(schema, leadsTo)) concealed.add(name);
    }
    places.set(key, types);
    return true;
  });
  if (places.size === 0) return undefined;
  const types = new Set([...places.values()].flatMap((names) => [...names]));
  const { opaque } = keys;
  // The package would also search what silent fields return, of which nothing is known here.
  const isClear = !isBeyond && !hidesIds && silent.size === 0 && opaque !== undefined;
  const findsEntities = isClear && canFindEntities(schema, types, listDepth, rules);
  const alike = [...types].filter((name) => !findsEntities || concealed.has(name) || !hasId(schema, name));
  return {
    findsEntities,
    types,
    roots,
    opaque: opaque ?? new Set(),
    tags: alike.map(typeTag),
    places: new Map([...places].map(([key, names]) => [key, [...names]])),
  };
}
