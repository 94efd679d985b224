import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isWrappingType,
} from 'graphql';

/** Where introspection has led to. */
export interface Introspected {
  /** How many items the field has; undefined where it is no list. */
  readonly items: number | undefined;
  /** Whether each object of the schema comes here once only, so that lists have their mean length instead of the longest. */
  readonly isOnce: boolean;
  /** How many types of lists and of what is not null can still be inside each other. */
  readonly wrappers: number;
}

/** Above the fields of a root type. */
export const atRoot: Introspected = { items: undefined, isOnce: false, wrappers: 0 };

interface Lengths {
  readonly longest: number;
  readonly mean: number;
}

/** How long the lists are that introspection gives. A schema does not change, so its own lengths are known. */
export class IntrospectionSizes {
  readonly #lengths: ReadonlyMap<string, Lengths>;
  readonly #wrappers: number;

  constructor(schema: GraphQLSchema) {
    const types = Object.values(schema.getTypeMap());
    const fields = types.map(fieldsOf);
    const args = [...fields.flat().map((field) => field.args.length)];
    const inputs = types.map((type) => (isInputObjectType(type) ? Object.keys(type.getFields()).length : 0));
    const directives = schema.getDirectives();
    const interfaces = types.map((type) => ('getInterfaces' in type ? type.getInterfaces().length : 0));
    const possible = types.map((type) =>
      isInterfaceType(type) || 'getTypes' in type ? schema.getPossibleTypes(type).length : 0,
    );
    this.#lengths = new Map([
      ['__Schema.types', lengthsOf([types.length])],
      ['__Schema.directives', lengthsOf([directives.length])],
      ['__Directive.args', lengthsOf(directives.map((directive) => directive.args.length))],
      ['__Directive.locations', lengthsOf(directives.map(({ locations }) => locations.length))],
      ['__Type.fields', lengthsOf(fields.map(({ length }) => length))],
      ['__Type.inputFields', lengthsOf(inputs)],
      ['__Type.enumValues', lengthsOf(types.map((type) => (isEnumType(type) ? type.getValues().length : 0)))],
      ['__Type.interfaces', lengthsOf(interfaces)],
      ['__Type.possibleTypes', lengthsOf(possible)],
      ['__Field.args', lengthsOf(args)],
    ]);
    this.#wrappers = Math.max(0, ...fields.flat().map(({ type }) => wrappersOf(type)));
  }

  /** What is known of a field of an introspection type, or of what leads to one; undefined for other fields. */
  below(coordinate: string, above: Introspected): Introspected | undefined {
    if (coordinate.endsWith('.__schema') || coordinate.endsWith('.__type')) return this.#alone();
    if (!coordinate.startsWith('__')) return undefined;
    const lengths = this.#lengths.get(coordinate);
    if (lengths !== undefined) return this.#list(coordinate, lengths, above);
    if (coordinate === '__Type.ofType') {
      const items = above.wrappers > 0 ? undefined : 0;
      return { items, isOnce: false, wrappers: Math.max(above.wrappers - 1, 0) };
    }
    return this.#alone();
  }

  #alone(): Introspected {
    return { items: undefined, isOnce: false, wrappers: this.#wrappers };
  }

  #list(coordinate: string, { longest, mean }: Lengths, above: Introspected): Introspected {
    const items = above.isOnce ? mean : longest;
    const isOnce = coordinate.startsWith('__Schema.') || (above.isOnce && !leadsToTypes.has(coordinate));
    return { items, isOnce, wrappers: this.#wrappers };
  }
}

/** Lists of types that are fields of types: they lead back to what has been there already. */
const leadsToTypes: ReadonlySet<string> = new Set(['__Type.interfaces', '__Type.possibleTypes']);

function lengthsOf(lengths: readonly number[]): Lengths {
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const mean = lengths.length === 0 ? 0 : all / lengths.length;
  // Rounded up, so that all of them together are never less than there are.
  return { longest: Math.max(0, ...lengths), mean: Math.ceil(mean * steps) / steps };
}

const steps = 1e6;

function fieldsOf(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

function wrappersOf(type: unknown): number {
  return isWrappingType(type) ? 1 + wrappersOf(type.ofType) : 0;
}
