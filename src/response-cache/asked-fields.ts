import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isNonNullType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A place in a document that asks for a field, by the field's own name. Introspection is none. */
export interface AskedField {
  /** Its name in the result. */
  readonly key: string;
  readonly parent: GraphQLCompositeType;
  readonly field: GraphQLField<unknown, unknown>;
  /** The type of the objects that it leads to; undefined: it leads to none. */
  readonly leadsTo: GraphQLCompositeType | undefined;
  /** Whether its values can be anything, also objects: those of a scalar that the schema defines. */
  readonly isOpaque: boolean;
  readonly isList: boolean;
  readonly isRoot: boolean;
}

/** Returns false where what is below the field does not matter. */
type Visit = (asked: AskedField) => boolean;

/**
 * Visits every field that an operation asks for, those in a fragment once, however often it is spread.
 * @returns how many lists of objects are within each other, at most
 */
export function visitAskedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  visit: Visit,
): number {
  const root = schema.getRootType(operation.operation);
  if (root == null) return 0;
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const walk = new Walk(schema, new Map(fragments.map((node) => [node.name.value, node])), visit);
  return walk.enter(operation.selectionSet, root, true);
}

class Walk {
  readonly #schema: GraphQLSchema;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #visit: Visit;
  /** How deep lists are within the fragments that have been visited, at the root and below it. */
  readonly #depths = new Map<string, number>();

  constructor(schema: GraphQLSchema, fragments: ReadonlyMap<string, FragmentDefinitionNode>, visit: Visit) {
    this.#schema = schema;
    this.#fragments = fragments;
    this.#visit = visit;
  }

  enter({ selections }: SelectionSetNode, parent: GraphQLCompositeType, isRoot: boolean): number {
    return Math.max(0, ...selections.map((node) => this.#select(node, parent, isRoot)));
  }

  #select(node: SelectionNode, parent: GraphQLCompositeType, isRoot: boolean): number {
    if (node.kind === Kind.FIELD) return this.#ask(node, parent, isRoot);
    if (node.kind === Kind.INLINE_FRAGMENT) {
      const type = this.#typeNamed(node.typeCondition?.name.value, parent);
      return type === undefined ? 0 : this.enter(node.selectionSet, type, isRoot);
    }
    return this.#spread(node.name.value, isRoot);
  }

  #spread(name: string, isRoot: boolean): number {
    const place = `${name} ${isRoot ? 'root' : 'below'}`;
    const fragment = this.#fragments.get(name);
    const known = this.#depths.get(place);
    if (known !== undefined || fragment === undefined) return known ?? 0;
    // Circles end here. Validation refuses them.
    this.#depths.set(place, 0);
    const type = this.#typeNamed(fragment.typeCondition.name.value);
    const depth = type === undefined ? 0 : this.enter(fragment.selectionSet, type, isRoot);
    this.#depths.set(place, depth);
    return depth;
  }

  #ask(node: FieldNode, parent: GraphQLCompositeType, isRoot: boolean): number {
    const field = 'getFields' in parent ? parent.getFields()[node.name.value] : undefined;
    if (field === undefined) return 0;
    const type = getNamedType(field.type);
    const leadsTo = isCompositeType(type) ? type : undefined;
    const isList = isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    const isOpaque = isScalarType(type) && !isSpecifiedScalarType(type);
    const key = node.alias?.value ?? field.name;
    const goesOn = this.#visit({ key, parent, field, leadsTo, isOpaque, isList, isRoot });
    if (!goesOn || leadsTo === undefined || node.selectionSet === undefined) return 0;
    return this.enter(node.selectionSet, leadsTo, false) + (isList ? 1 : 0);
  }

  #typeNamed(name: string | undefined, otherwise?: GraphQLCompositeType): GraphQLCompositeType | undefined {
    const type = name === undefined ? otherwise : this.#schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }
}
