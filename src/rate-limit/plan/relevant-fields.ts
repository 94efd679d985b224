import {
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';

/** A field that is limited or that leads to limited fields. */
export interface RelevantField {
  readonly field: GraphQLField<unknown, unknown>;
  readonly coordinate: string;
  readonly isLimited: boolean;
  /** The object types that its value may have and that limited fields can be reached from. Equal lists are the same. */
  readonly leadsTo: readonly GraphQLObjectType[];
}

/** Relevant fields by name, of each object type that has any. Nothing else in an operation needs to be looked at. */
export type RelevantFields = ReadonlyMap<GraphQLObjectType, ReadonlyMap<string, RelevantField>>;

/** @param limited schema coordinates on object types */
export function findRelevantFields(schema: GraphQLSchema, limited: ReadonlySet<string>): RelevantFields {
  const objects = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !isIntrospectionType(type));
  const reaching = typesThatReach(schema, objects, limited);

  const targets = new Map<GraphQLCompositeType, readonly GraphQLObjectType[]>();
  const lists = new Map<string, readonly GraphQLObjectType[]>();
  const leadsTo = (field: GraphQLField<unknown, unknown>): readonly GraphQLObjectType[] => {
    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return [];
    const known = targets.get(type) ?? canonical(lists, objectsOf(schema, type, reaching));
    targets.set(type, known);
    return known;
  };
  const relevantOf = (type: GraphQLObjectType): Map<string, RelevantField> => {
    const fields = Object.values(type.getFields()).map((field): RelevantField => {
      const coordinate = `${type.name}.${field.name}`;
      return { field, coordinate, isLimited: limited.has(coordinate), leadsTo: leadsTo(field) };
    });
    const relevant = fields.filter(({ isLimited, leadsTo }) => isLimited || leadsTo.length > 0);
    return new Map(relevant.map((each) => [each.field.name, each]));
  };
  return new Map([...reaching].map((type) => [type, relevantOf(type)]));
}

/** The object types that have a limited field or lead to one that has. */
function typesThatReach(
  schema: GraphQLSchema,
  objects: readonly GraphQLObjectType[],
  limited: ReadonlySet<string>,
): Set<GraphQLObjectType> {
  const askers = askersByType(objects);
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  const reaching = new Set(
    objects.filter((type) =>
      Object.keys(type.getFields()).some((name) => limited.has(`${type.name}.${name}`)),
    ),
  );
  // Grows while it is gone through.
  for (const type of reaching) {
    const names = [type, ...abstract.filter((each) => schema.isSubType(each, type))];
    for (const each of names) {
      for (const asker of askers.get(each) ?? []) reaching.add(asker);
      askers.delete(each);
    }
  }
  return reaching;
}

/** The object types that have a field of each type. */
function askersByType(objects: readonly GraphQLObjectType[]): Map<unknown, GraphQLObjectType[]> {
  const askers = new Map<unknown, GraphQLObjectType[]>();
  for (const asker of objects) {
    for (const { type } of Object.values(asker.getFields())) {
      const named = getNamedType(type);
      const known = askers.get(named);
      if (known === undefined) askers.set(named, [asker]);
      else known.push(asker);
    }
  }
  return askers;
}

function objectsOf(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  reaching: ReadonlySet<GraphQLObjectType>,
): GraphQLObjectType[] {
  const possible = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return possible.filter((each) => reaching.has(each)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function canonical(
  lists: Map<string, readonly GraphQLObjectType[]>,
  types: readonly GraphQLObjectType[],
): readonly GraphQLObjectType[] {
  const key = types.map(({ name }) => name).join();
  const list = lists.get(key) ?? types;
  lists.set(key, list);
  return list;
}
