import {
  getNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Decisions } from '../rate-limit/plan/random.ts';
import { Dice } from './dice.ts';
import { after, thenable } from './later.ts';
import { MadeObjects } from './made-objects.ts';
import { randomError } from './random-error.ts';
import { randomLeaf, serializeOdd } from './random-leaf.ts';
import { addTypeTests } from './random-type-tests.ts';
import type { Run } from './run.ts';
import { tellInfo } from './told-info.ts';

/** How often, in percent, a value is not what its field promises. */
export type Wildness = number;

/**
 * Gives a schema resolvers that return anything at all. What they return depends on where they are asked and with which
 * arguments alone, so that two executors get the same.
 */
export class RandomResolvers {
  readonly #schema: GraphQLSchema;
  readonly #seed: string;
  readonly #wildness: Wildness;
  readonly #made = new MadeObjects();
  readonly #classes = new Map<string, object>();

  constructor(decide: Decisions, schema: GraphQLSchema, wildness: Wildness) {
    this.#schema = schema;
    this.#seed = String(decide.integer(0, 255) * 256 + decide.integer(0, 255));
    this.#wildness = wildness;
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      if (isObjectType(type)) this.#addTo(decide, type);
      addTypeTests(decide, schema, type, this.#made, wildness);
    }
    const odd = schema.getType('Odd');
    if (odd !== undefined && 'serialize' in odd && !isEnumType(odd)) odd.serialize = serializeOdd;
  }

  /** The object that root fields are asked of; what they return is different for each number. */
  rootValue(number: number): unknown {
    return this.#object('Query', `${this.#seed}/${number}`);
  }

  #addTo(decide: Decisions, type: GraphQLObjectType): void {
    for (const field of Object.values(type.getFields())) {
      if (decide.chance(60)) continue;
      field.resolve = (source, args, context: Run, info) => {
        const about = tellInfo(info);
        context.log.push(['resolve', ...about, args]);
        const key = `${this.#made.keyOf(source)}.${field.name}(${JSON.stringify(args)})`;
        return this.#result(field.type, key, context);
      };
    }
  }

  /** What a resolver returns or throws. */
  #result(type: GraphQLOutputType, key: string, run: Run): unknown {
    const dice = new Dice(key);
    if (dice.chance(this.#wildness / 2)) {
      const error = randomError(dice, key);
      if (dice.chance(40)) throw error;
      if (dice.chance(50))
        return after(dice.below(3), undefined, () => {
          throw error;
        });
      return error;
    }
    return this.#wrapped(dice, this.#value(type, key, dice), key, run);
  }

  #wrapped(dice: Dice, value: unknown, key: string, run: Run): unknown {
    const kind = dice.below(100);
    if (kind < 22)
      return after(dice.below(4), undefined, () => {
        run.log.push(['settled', key]);
        return value;
      });
    if (kind < 25) return thenable(value);
    return value;
  }

  #value(type: GraphQLOutputType, key: string, dice: Dice): unknown {
    const nulls = isNonNullType(type) ? this.#wildness / 3 : 8;
    if (dice.chance(nulls)) return dice.oneOf([null, undefined]);
    return this.#present(isNonNullType(type) ? type.ofType : type, key, dice);
  }

  #present(type: GraphQLOutputType, key: string, dice: Dice): unknown {
    if (isListType(type)) return this.#list(type.ofType, key, dice);
    if (isLeafType(type)) return randomLeaf(type.name, dice, this.#wildness);
    const wrong = [1, 'text', true, {}, [], () => 1];
    if (dice.chance(this.#wildness / 4)) return dice.oneOf<unknown>(wrong);
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [getNamedType(type)];
    const name = dice.chance(this.#wildness / 8) ? 'A' : types.length > 0 ? dice.oneOf(types).name : 'A';
    return this.#object(name, key);
  }

  #list(item: GraphQLOutputType, key: string, dice: Dice): unknown {
    if (dice.chance(this.#wildness / 4)) return dice.oneOf([1, 'text', {}, true, new Date(0)]);
    // graphql-js lets the rejections of others go unhandled where an item fails at once that must not.
    const isLater = isNonNullType(item) && this.#wildness > 0;
    const items = Array.from({ length: dice.below(4) }, (_, index) => {
      const own = new Dice(`${key}[${index}]`);
      const isError = own.chance(this.#wildness / 3);
      const value = isError ? randomError(own, key) : this.#value(item, `${key}[${index}]`, own);
      if (isLater) return after(own.below(3), value);
      return own.chance(15) ? after(own.below(3), value) : value;
    });
    const kind = dice.below(20);
    if (kind === 0) return new Set(items);
    if (kind === 1)
      return (function* () {
        yield* items;
      })();
    if (kind === 2) return new Map(items.map((each, index) => [index, each])).values();
    return items;
  }

  /** An object whose properties are values, promises and methods; which are there depends on how it is made. */
  #object(type: string, key: string): object {
    const dice = new Dice(`object ${key}`);
    // A function is not asked for its __typename.
    const style = this.#wildness === 0 ? 1 + dice.below(9) : dice.below(10);
    const made: object =
      style === 0
        ? () => key
        : (Object.create(style < 4 ? this.#classOf(type) : style < 6 ? null : Object.prototype) as object);
    this.#made.add(made, type, key);
    if (style === 0 || style >= 4) Object.defineProperties(made, this.#properties(type));
    if (this.#wildness === 0 || dice.chance(70))
      Object.defineProperty(made, '__typename', { value: dice.chance(this.#wildness / 6) ? 'Wrong' : type });
    return made;
  }

  #classOf(type: string): object {
    const known = this.#classes.get(type) ?? Object.defineProperties({}, this.#properties(type));
    this.#classes.set(type, known);
    return known;
  }

  #properties(typeName: string): PropertyDescriptorMap {
    const type = this.#schema.getType(typeName);
    if (!isObjectType(type)) return {};
    return Object.fromEntries(
      Object.values(type.getFields()).map((field) => [field.name, this.#property(field.name, field.type)]),
    );
  }

  #property(name: string, type: GraphQLOutputType): PropertyDescriptor {
    const keyOf = (value: object): string => `${this.#made.keyOf(value)}.${name}`;
    const result = (key: string, run: Run): unknown => this.#result(type, key, run);
    const own = (key: string): Dice => new Dice(`property ${key}`);
    return {
      get(this: object) {
        const key = keyOf(this);
        if (own(key).chance(75)) return result(key, { log: [] });
        return function (this: object, args: unknown, context: Run, info: GraphQLResolveInfo) {
          context.log.push(['method', keyOf(this), ...tellInfo(info), args]);
          return result(`${key}(${JSON.stringify(args)})`, context);
        };
      },
    };
  }
}
