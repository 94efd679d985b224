import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  parse,
  print,
  type TypeNode,
  visit,
} from 'graphql';
import type { Decisions } from '../plan/random.ts';
import { definitionOf, isLink, type RandomSchema } from '../plan/random-schema.ts';

/** What is declared of a field of a random schema. */
interface DeclaredCost {
  readonly isList: boolean;
  /** Of the field, where it has one of its own. */
  readonly weight: number | undefined;
  /** Of its argument `x`. */
  readonly argument: number;
  /** How long its list is: so many, or what `x` says. */
  readonly size: number | 'x' | undefined;
  /** The lists below it that are so long instead. */
  readonly sizedFields: readonly string[];
}

/** A random schema with weights and sizes. */
export interface CostSchema {
  readonly definition: string;
  /** By coordinate. */
  readonly fields: ReadonlyMap<string, DeclaredCost>;
  /** By the name of the type; 1 where none is declared. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Puts weights and sizes into a random schema. Some of its leaves become lists. */
export function randomCosts(decide: Decisions, schema: RandomSchema): CostSchema {
  const document = withLists(parse(definitionOf(schema, 'original')), decide);
  const lists = listsOf(document);
  const fields = new Map<string, DeclaredCost>();
  const weights = new Map<string, number>();
  const declared = visit(document, {
    ObjectTypeDefinition(type) {
      if (decide.chance(30)) weights.set(type.name.value, decide.integer(0, 4));
      const own = type.fields?.map((field) => {
        const cost = randomCost(decide, field, lists);
        fields.set(`${type.name.value}.${field.name.value}`, cost);
        return withDirectives(field, cost);
      });
      return { ...type, fields: own, directives: directives(costDirective(weights.get(type.name.value))) };
    },
  });
  return { definition: print(declared), fields, weights };
}

/** Of two fields of one name in the response either both are lists or none is, so that their name decides. */
function withLists(document: DocumentNode, decide: Decisions): DocumentNode {
  const names = ['a', 'b', 'c'].filter(() => decide.chance(30));
  return visit(document, {
    FieldDefinition: (field) =>
      names.includes(field.name.value)
        ? { ...field, type: { kind: Kind.LIST_TYPE, type: field.type } }
        : field,
  });
}

/** The names of the fields of each type that are lists of objects. */
function listsOf(document: DocumentNode): ReadonlyMap<string, readonly string[]> {
  const entries = document.definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_DEFINITION
      ? [[type.name.value, (type.fields ?? []).filter(isListField).map(({ name }) => name.value)] as const]
      : [],
  );
  return new Map(entries);
}

function isListField({ name, type }: FieldDefinitionNode): boolean {
  return isLink(name.value) && isList(type);
}

function isList(type: TypeNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE ? isList(type.type) : type.kind === Kind.LIST_TYPE;
}

function namedOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedOf(type.type);
}

function randomCost(
  decide: Decisions,
  { name, type }: FieldDefinitionNode,
  lists: ReadonlyMap<string, readonly string[]>,
): DeclaredCost {
  const weight = decide.chance(30) ? decide.integer(0, 3) : undefined;
  if (!isLink(name.value)) {
    const argument = decide.chance(30) ? decide.integer(0, 2) : 0;
    const size = isList(type) && decide.chance(70) ? 'x' : undefined;
    return { isList: isList(type), weight, argument, size, sizedFields: [] };
  }
  const below = isList(type) ? [] : (lists.get(namedOf(type)) ?? []);
  const sizedFields = decide.chance(60) ? below.slice(0, 1) : [];
  const hasSize = isList(type) ? decide.chance(70) : sizedFields.length > 0;
  const size = hasSize ? decide.integer(1, 3) : undefined;
  return { isList: isList(type), weight, argument: 0, size, sizedFields };
}

function withDirectives(field: FieldDefinitionNode, cost: DeclaredCost): FieldDefinitionNode {
  const { weight, argument, size, sizedFields } = cost;
  const sized = sizedFields.length > 0 ? `, sizedFields: ${JSON.stringify(sizedFields)}` : '';
  const listSize = size === 'x' ? 'slicingArguments: ["x"]' : `assumedSize: ${String(size)}`;
  const own = size === undefined ? '' : `@listSize(${listSize}${sized})`;
  return {
    ...field,
    directives: directives(`${costDirective(weight)} ${own}`),
    arguments: (field.arguments ?? []).map((each) => ({
      ...each,
      directives: directives(argument > 0 ? costDirective(argument) : ''),
    })),
  };
}

function costDirective(weight: number | undefined): string {
  return weight === undefined ? '' : `@cost(weight: "${weight}")`;
}

function directives(text: string): readonly ConstDirectiveNode[] {
  const [type] = parse(`type T ${text} { a: Int }`).definitions;
  return type?.kind === Kind.OBJECT_TYPE_DEFINITION ? (type.directives ?? []) : [];
}
