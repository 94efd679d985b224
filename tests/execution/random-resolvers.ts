import {
  getNamedType,
  GraphQLError,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  responsePathAsArray,
  type GraphQLAbstractType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { Decisions } from '../rate-limit/plan/random.ts';
import { Dice } from './dice.ts';
import { after, thenable } from './later.ts';

/** What resolvers tell of their calls. */
export interface Run {
  readonly log: unknown[];
}

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
  /** The type that an object was made for, and what its values hang on. */
  readonly #made = new WeakMap<object, { readonly type: string; readonly key: string }>();
  readonly #classes = new Map<string, object>();

  constructor(decide: Decisions, schema: GraphQLSchema, wildness: Wildness) {
    this.#schema = schema;
    this.#seed = String(decide.integer(0, 255) * 256 + decide.integer(0, 255));
    this.#wildness = wildness;
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      if (isObjectType(type)) this.#addToObject(decide, type);
      else if ('resolveType' in type) this.#addToAbstract(decide, type);
    }
    const odd = schema.getType('Odd');
    if (odd !== undefined && 'serialize' in odd && !isEnumType(odd))
      odd.serialize = (value) => this.#serialize(value);
  }

  /** The object that a root field is asked of. */
  rootValue(): unknown {
    return this.#object('Query', this.#seed);
  }

  #addToObject(decide: Decisions, type: GraphQLObjectType): void {
    for (const field of Object.values(type.getFields())) {
      if (decide.chance(60)) continue;
      field.resolve = (source, args, context: Run, info) => {
        const about = tellInfo(info);
        context.log.push(['resolve', ...about, args]);
        const key = `${this.#keyOf(source)}.${field.name}(${JSON.stringify(args)})`;
        return this.#result(field.type, key, context);
      };
    }
    if (type.name === 'Query' || type.name === 'Mutation') return;
    const style = decide.oneOf(['none', 'none', 'sync', 'async', 'mixed']);
    if (style === 'none') return;
    type.isTypeOf = (value: unknown, context: Run, info) => {
      context.log.push(['isTypeOf', type.name, ...tellInfo(info)]);
      const dice = new Dice(`${this.#keyOf(value)} is ${type.name}`);
      if (dice.chance(this.#wildness / 4)) throw new Error(`isTypeOf ${type.name}`);
      const is = this.#typeOf(value) === type.name;
      const isLater = style === 'async' || (style === 'mixed' && dice.chance(50));
      return (isLater ? after(dice.below(3), is) : is) as boolean;
    };
  }

  #addToAbstract(decide: Decisions, type: GraphQLAbstractType): void {
    const style = decide.oneOf(['none', 'sync', 'sync', 'async', 'mixed']);
    if (style === 'none') return;
    type.resolveType = (value: unknown, context: Run, info, abstract) => {
      context.log.push(['resolveType', abstract.name, ...tellInfo(info)]);
      const dice = new Dice(`${this.#keyOf(value)} as ${type.name}`);
      if (dice.chance(this.#wildness / 4)) throw new Error(`resolveType ${type.name}`);
      const wrong = [
        undefined,
        null,
        'Nothing',
        'Color',
        'N',
        'Query',
        'C',
        7,
        { a: 1 },
        this.#schema.getQueryType(),
      ];
      const name = dice.chance(this.#wildness / 2) ? dice.oneOf(wrong) : this.#typeOf(value);
      const isLater = style === 'async' || (style === 'mixed' && dice.chance(50));
      return (isLater ? after(dice.below(3), name) : name) as string;
    };
  }

  #typeOf(value: unknown): string | undefined {
    return isHolder(value) ? this.#made.get(value)?.type : undefined;
  }

  #keyOf(value: unknown): string {
    return isHolder(value) ? (this.#made.get(value)?.key ?? 'unknown') : String(value);
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
    if (isLeafType(type)) return this.#leaf(type.name, dice);
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

  #leaf(name: string, dice: Dice): unknown {
    const right: Readonly<Record<string, readonly unknown[]>> = {
      Int: [1, 0, -5, '12', true, 3.0, { valueOf: () => 4 }],
      Float: [1.5, 0, '1e3', false],
      String: ['text', '', 5, true, { toJSON: () => 'json' }],
      Boolean: [true, false, 1, 0],
      ID: ['id', 12, { valueOf: () => 'v' }],
      Color: ['RED', 'GREEN'],
      Odd: ['plain', { odd: 'object' }, { odd: 'promise' }],
    };
    const wrong = [2 ** 40, NaN, Infinity, 'x', '', Symbol('s'), 10n, {}, [1], () => 1, new Date(NaN)];
    const odd = ['null', 'undefined', 'throw', 'graphql', 'reject'].map((each) => ({ odd: each }));
    if (dice.chance(this.#wildness / 3)) return dice.oneOf<unknown>(name === 'Odd' ? odd : wrong);
    return dice.oneOf(right[name] ?? []);
  }

  #serialize(value: unknown): unknown {
    const kind = isHolder(value) && 'odd' in value ? value.odd : 'plain';
    if (kind === 'null') return null;
    if (kind === 'undefined') return undefined;
    if (kind === 'throw') throw new Error('serialize');
    if (kind === 'graphql') throw new GraphQLError('serialize', { extensions: { code: 'SCALAR' } });
    if (kind === 'promise') return after(1, 'later');
    if (kind === 'reject')
      return after(1, undefined, () => {
        throw new Error('serialize later');
      });
    return kind === 'object' ? { a: [1, { b: null }] } : value;
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
    this.#made.set(made, { type, key });
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
    const keyOf = (value: object): string => `${this.#keyOf(value)}.${name}`;
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

function isHolder(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** All that info says, in a way that two executions have in common. */
function tellInfo(info: GraphQLResolveInfo): readonly unknown[] {
  const { path, rootValue, variableValues, fragments, ...rest } = info;
  const typenames: unknown[] = [];
  for (let at: typeof path | undefined = path; at !== undefined; at = at.prev) typenames.push(at.typename);
  const named = getNamedType(info.returnType).name;
  return [
    responsePathAsArray(path).join('.'),
    typenames,
    Object.keys(info),
    named,
    { ...rest },
    { ...variableValues },
    Object.entries(fragments),
    typeof rootValue,
  ];
}

function randomError(dice: Dice, text: string): unknown {
  const extensions = { code: 'RANDOM' };
  const kind = dice.below(10);
  if (kind === 0) return text;
  if (kind === 1) return dice.oneOf([undefined, null, { message: 'like an error' }]);
  if (kind === 2) return new GraphQLError(text, { extensions });
  if (kind === 3) return new GraphQLError(text, { path: ['elsewhere', 0] });
  if (kind === 4) return Object.assign(new TypeError(text), { extensions });
  if (kind === 5) return Object.assign(new Error(text), { path: ['not', 'located'], locations: [] });
  if (kind === 6) return new AggregateError([new Error('a'), new Error('b')], text);
  return new Error(text);
}
