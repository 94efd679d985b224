import {
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
} from 'graphql';
import { listSizeOn, weightOn } from './cost-directives.ts';
import type { FieldRule, ListRule } from './field-rule.ts';

type Field = GraphQLField<unknown, unknown>;

/**
 * What the fields of a schema cost, by `@cost` and `@listSize` of the GraphQL cost directives (IBM). Where they say
 * nothing, an object weighs 1, a scalar and an argument 0, and a list has one item.
 */
export class CostModel {
  readonly #schema: GraphQLSchema;
  readonly #rules = new Map<Field, FieldRule>();
  readonly #weights = new Map<GraphQLArgument | GraphQLInputField, number>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  ruleOf(field: Field): FieldRule {
    const known = this.#rules.get(field);
    if (known !== undefined) return known;
    const rule: FieldRule = {
      weight: weightOn(field.astNode) ?? this.#weightOfType(getNamedType(field.type)),
      isList: isListType(getNullableType(field.type)),
      list: this.#listOf(field),
      hasWeightedArguments: field.args.some((arg) => this.#isWeighted(arg, new Set())),
    };
    this.#rules.set(field, rule);
    return rule;
  }

  /** What the arguments of a field weigh, which are given, in this value. */
  weightOfValue(input: GraphQLArgument | GraphQLInputField, value: unknown): number {
    if (value === undefined || value === null) return 0;
    return this.#ownWeight(input) + this.#weightWithin(input.type, value);
  }

  #weightWithin(type: GraphQLInputType, value: unknown): number {
    const nullable = getNullableType(type);
    if (isListType(nullable)) {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      return items.reduce<number>((sum, item) => sum + this.#weightWithin(nullable.ofType, item), 0);
    }
    if (!isInputObjectType(nullable) || typeof value !== 'object' || value === null) return 0;
    return Object.values(nullable.getFields()).reduce(
      (sum, field) => sum + this.weightOfValue(field, Reflect.get(value, field.name)),
      0,
    );
  }

  /** Of an abstract type the weight of its dearest one. */
  #weightOfType(type: GraphQLNamedType): number {
    const own = ownWeightOf(type);
    if (own !== undefined || !isAbstractType(type)) return own ?? (isCompositeType(type) ? 1 : 0);
    return Math.max(0, ...this.#schema.getPossibleTypes(type).map((each) => this.#weightOfType(each)));
  }

  #ownWeight(input: GraphQLArgument | GraphQLInputField): number {
    const known = this.#weights.get(input);
    if (known !== undefined) return known;
    const weight = weightOn(input.astNode) ?? ownWeightOf(getNamedType(input.type)) ?? 0;
    this.#weights.set(input, weight);
    return weight;
  }

  #isWeighted(input: GraphQLArgument | GraphQLInputField, seen: Set<GraphQLNamedType>): boolean {
    if (this.#ownWeight(input) > 0) return true;
    const type = getNamedType(input.type);
    if (!isInputObjectType(type) || seen.has(type)) return false;
    seen.add(type);
    return Object.values(type.getFields()).some((field) => this.#isWeighted(field, seen));
  }

  #listOf(field: Field): ListRule {
    const args = listSizeOn(this.#schema, field.astNode);
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
