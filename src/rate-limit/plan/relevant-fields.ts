import {
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isIntrospectionType,
  isObjectType,
} from 'graphql';
import type { TypeSet } from './collect.ts';

type Field = GraphQLField<unknown, unknown>;

/** A field that is limited or that leads to limited fields. */
export interface RelevantField {
  readonly field: Field;
  /** The type that it is a field of, and no other. */
  readonly parent: TypeSet;
  readonly coordinate: string;
  readonly isLimited: boolean;
  /** The object types that its value may have and that limited fields can be reached from. Equal sets are the same. */
  readonly leadsTo: TypeSet;
}

/** Relevant fields by name, of each object type that has any. Nothing else in an operation needs to be looked at. */
export type RelevantFields = ReadonlyMap<GraphQLObjectType, ReadonlyMap<string, RelevantField>>;

/** @param limited schema coordinates on object types */
export function findRelevantFields(schema: GraphQLSchema, limited: ReadonlySet<string>): RelevantFields {
  const reaching = typesThatReach(schema, limited);
  const sets = new Map<string, TypeSet>();
  const leadsTo = (field: Field): TypeSet => {
    const types = targetsOf(schema, field).filter((type) => reaching.has(type));
    const key = types
      .map(({ name }) => name)
      .toSorted()
      .join();
    const set = sets.get(key) ?? new Set(types);
    sets.set(key, set);
    return set;
  };
  const relevantOf = (type: GraphQLObjectType): ReadonlyMap<string, RelevantField> => {
    const parent = new Set([type]);
    const fields = Object.values(type.getFields()).map((field): RelevantField => {
      const coordinate = `${type.name}.${field.name}`;
      return { field, parent, coordinate, isLimited: limited.has(coordinate), leadsTo: leadsTo(field) };
    });
    const relevant = fields.filter((each) => each.isLimited || each.leadsTo.size > 0);
    return new Map(relevant.map((each) => [each.field.name, each]));
  };
  return new Map([...reaching].map((type) => [type, relevantOf(type)]));
}

/** The object types that have a limited field or lead to one that has. */
function typesThatReach(schema: GraphQLSchema, limited: ReadonlySet<string>): TypeSet {
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
  const reaching = new Set<GraphQLObjectType>();
  const reaches = (type: GraphQLObjectType): boolean =>
    Object.values(type.getFields()).some(
      (field) =>
        limited.has(`${type.name}.${field.name}`) ||
        targetsOf(schema, field).some((target) => reaching.has(target)),
    );
  let left = objects.filter((type) => !isIntrospectionType(type));
  let found: GraphQLObjectType[];
  do {
    found = left.filter(reaches);
    for (const type of found) reaching.add(type);
    left = left.filter((type) => !reaching.has(type));
  } while (found.length > 0);
  return reaching;
}

/** The object types that the value of a field may have. */
function targetsOf(schema: GraphQLSchema, { type }: Field): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isObjectType(named)) return [named];
  return isAbstractType(named) ? schema.getPossibleTypes(named) : [];
}
