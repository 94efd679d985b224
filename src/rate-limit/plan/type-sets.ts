import { type GraphQLObjectType, type GraphQLSchema, isAbstractType, type NamedTypeNode } from 'graphql';

/** The object types that an object in some place may have. The same types are always the same set. */
export type TypeSet = ReadonlySet<GraphQLObjectType>;

/** Makes type sets, each once, so that they can be compared by identity. */
export class TypeSets {
  readonly #schema: GraphQLSchema;
  readonly #known = new Map<string, TypeSet>();
  readonly #narrowed = new Map<TypeSet, Map<string, TypeSet>>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  of(types: readonly GraphQLObjectType[]): TypeSet {
    const names = types.map(({ name }) => name);
    const key = names.length > 1 ? names.toSorted().join() : names.join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = new Set(types);
    this.#known.set(key, made);
    return made;
  }

  /** Those of the types that a fragment with this type condition applies to. */
  narrow(types: TypeSet, condition: NamedTypeNode | undefined): TypeSet {
    if (condition === undefined) return types;
    const name = condition.name.value;
    const byName = this.#narrowed.get(types) ?? new Map<string, TypeSet>();
    this.#narrowed.set(types, byName);
    const narrowed = byName.get(name) ?? this.of([...types].filter((type) => this.#isA(type, name)));
    byName.set(name, narrowed);
    return narrowed;
  }

  without(types: TypeSet, removed: TypeSet): TypeSet {
    return this.of([...types].filter((type) => !removed.has(type)));
  }

  union(a: TypeSet, b: TypeSet): TypeSet {
    return this.of([...new Set([...a, ...b])]);
  }

  #isA(type: GraphQLObjectType, name: string): boolean {
    if (type.name === name) return true;
    const condition = this.#schema.getType(name);
    return isAbstractType(condition) && this.#schema.isSubType(condition, type);
  }
}
