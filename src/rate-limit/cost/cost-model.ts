import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';
import { listSizeOn, weightOn } from './cost-directives.ts';
import type { FieldRule, ListRule } from './field-rule.ts';

type Field = GraphQLField<unknown, unknown>;

/** What can be given to a field. */
export type Input = GraphQLArgument | GraphQLInputField;

/**
 * What the fields of a schema cost, by `@cost` and `@listSize` of the GraphQL cost directives (IBM, draft of 2021). Where
 * they say nothing, an object and an input object weigh 1, scalars and enums 0, and a list has one item.
 */
export class CostModel {
  readonly #schema: GraphQLSchema;
  readonly #rules = new Map<Field, FieldRule>();
  readonly #weights = new Map<Input, number>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** @param type the type that has the field */
  ruleOf(field: Field, type: GraphQLObjectType): FieldRule {
    const known = this.#rules.get(field);
    if (known !== undefined) return known;
    const rule: FieldRule = {
      weight: weightOn(field.astNode) ?? this.#weightOfType(getNamedType(field.type)),
      isList: isListType(getNullableType(field.type)),
      list: this.#listOf(field, type),
      hasWeightedArguments: field.args.some((arg) => this.#isWeighted(arg, new Set())),
    };
    this.#rules.set(field, rule);
    return rule;
  }

  /** Of an abstract type the weight of its dearest one. */
  #weightOfType(type: GraphQLNamedType): number {
    if (!isAbstractType(type)) return ownWeightOf(type) ?? (isObjectType(type) ? 1 : 0);
    return Math.max(0, ...this.#schema.getPossibleTypes(type).map((each) => this.#weightOfType(each)));
  }

  /** What an argument, or an entry of one, weighs where it is given, without what is in it. */
  weightOfInput(input: Input): number {
    const known = this.#weights.get(input);
    if (known !== undefined) return known;
    const type = getNamedType(input.type);
    const weight = weightOn(input.astNode) ?? ownWeightOf(type) ?? (isInputObjectType(type) ? 1 : 0);
    this.#weights.set(input, weight);
    return weight;
  }

  #isWeighted(input: Input, seen: Set<GraphQLNamedType>): boolean {
    if (this.weightOfInput(input) !== 0) return true;
    const type = getNamedType(input.type);
    if (!isInputObjectType(type) || seen.has(type)) return false;
    seen.add(type);
    return Object.values(type.getFields()).some((field) => this.#isWeighted(field, seen));
  }

  /** An interface speaks for the types that say nothing of their own. */
  #listOf(field: Field, type: GraphQLObjectType): ListRule {
    const inherited = type.getInterfaces().map((each) => each.getFields()[field.name]);
    const args = [field, ...inherited]
      .map((each) => listSizeOn(this.#schema, each?.astNode))
      .find((size) => size !== undefined);
    const slicing = (args?.slicingArguments ?? []).flatMap((text) => {
      const [first = '', ...rest] = text.split('.');
      const argument = field.args.find(({ name }) => name === first);
      return argument === undefined ? [] : [{ argument, path: rest }];
    });
    return {
      assumedSize: Math.max(args?.assumedSize ?? 1, 0),
      slicing,
      requiresOne: args?.requireOneSlicingArgument === true && slicing.length > 0,
      sizedFields: args?.sizedFields == null ? undefined : new Set(args.sizedFields),
    };
  }
}

function ownWeightOf(type: GraphQLNamedType): number | undefined {
  return [type.astNode, ...type.extensionASTNodes].map(weightOn).find((weight) => weight !== undefined);
}
