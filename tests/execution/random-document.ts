import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { Decisions } from '../rate-limit/plan/random.ts';

/** A document of one operation, and what to run it with. */
export interface RandomDocument {
  readonly source: string;
  /** Several choices of values for its variables. */
  readonly variables: readonly Readonly<Record<string, unknown>>[];
}

interface Spot {
  readonly type: GraphQLCompositeType;
  readonly depth: number;
  /** The first fragment that may be spread. Fragments spread later ones only, so that none spreads itself. */
  readonly from: number;
}

const header =
  '($i: Int, $in: Int!, $id: Int = 4, $l: [Int!], $ld: [Int!] = [9], $n: Int!, $s: String, $sd: String = "dd", ' +
  '$e: Color, $ed: Color = GREEN, $o: Filter, $od: Filter = { a: 2 }, $c: Odd, $b: Boolean, ' +
  '$b0: Boolean!, $b1: Boolean = true, $b2: Boolean! = false)';

/** What can be given for a type: literals, and variables which may be left out where null is allowed. */
const given: Readonly<
  Record<string, { readonly always: readonly string[]; readonly nullable: readonly string[] }>
> = {
  Int: { always: ['1', '2', '$in', '$id'], nullable: ['$i', 'null'] },
  '[Int!]': { always: ['[]', '[3, $in]', '4', '$ld'], nullable: ['$l', 'null'] },
  String: { always: ['"a"', '$sd'], nullable: ['$s', 'null'] },
  Color: { always: ['BLUE', '$ed'], nullable: ['$e', 'null'] },
  Filter: {
    always: ['{}', '{ a: $i, c: [{ a: 3 }] }', '{ b: "y", e: $e, d: $c }', '$od'],
    nullable: ['$o', 'null'],
  },
  Odd: { always: ['7', '"t"', '{ k: 1 }'], nullable: ['$c', 'null'] },
  Boolean: { always: ['true', '$b0', '$b1'], nullable: ['$b', 'null'] },
};

const fragments = ['F0', 'F1', 'F2'];
const maxDepth = 4;

/** @param isCalm whether nothing is to fail: variables with a default are not set to null */
export function randomDocument(decide: Decisions, schema: GraphQLSchema, isCalm: boolean): RandomDocument {
  return new Writer(decide, schema, isCalm).document();
}

class Writer {
  readonly #decide: Decisions;
  readonly #schema: GraphQLSchema;
  readonly #types: readonly GraphQLCompositeType[];
  readonly #conditions: readonly GraphQLCompositeType[];
  readonly #isCalm: boolean;

  constructor(decide: Decisions, schema: GraphQLSchema, isCalm: boolean) {
    this.#decide = decide;
    this.#isCalm = isCalm;
    this.#schema = schema;
    this.#types = Object.values(schema.getTypeMap())
      .filter(isCompositeType)
      .filter(({ name }) => !name.startsWith('__') && name !== 'Mutation');
    this.#conditions = fragments.map(() => decide.oneOf(this.#types));
  }

  document(): RandomDocument {
    const kind = this.#decide.chance(20) ? 'mutation' : 'query';
    const root = kind === 'query' ? this.#schema.getQueryType() : this.#schema.getMutationType();
    if (root == null) throw new TypeError('A random schema has both.');
    const parts = this.#conditions.map((type, index) => {
      return `fragment ${fragments[index] ?? ''} on ${type.name} ${this.#set({ type, depth: 2, from: index + 1 })}`;
    });
    const set = this.#set({ type: root, depth: 0, from: 0 });
    return {
      source: [`${kind} Q${header} ${set}`, ...parts].join('\n'),
      variables: Array.from({ length: 6 }, () => this.#variables()),
    };
  }

  #variables(): Record<string, unknown> {
    const decide = this.#decide;
    const values: Record<string, unknown> = { in: decide.integer(0, 9), n: 1, b0: decide.chance(50) };
    const optional = {
      i: [null, 5],
      id: [null, 6],
      l: [null, [], [1, 2]],
      ld: [8, [1]],
      s: [null, 'x'],
      sd: [null, 'y'],
      e: ['RED', 'RED', null, ...(this.#isCalm ? [] : ['NONE'])],
      ed: ['BLUE', null],
      o: [null, {}, { a: null, c: [{ e: 'RED' }] }],
      od: [{ b: 'q', d: 3 }, null],
      c: [null, 1, { deep: [1] }],
      b: [null, true, false],
      b1: [false, true, true, null],
      b2: [true, false],
    };
    for (const [name, choices] of Object.entries(optional)) {
      const value = decide.chance(40) ? decide.oneOf<unknown>(choices) : undefined;
      if (value !== undefined && !(value === null && this.#isCalm)) values[name] = value;
    }
    return values;
  }

  #set(spot: Spot): string {
    const selections = Array.from({ length: this.#decide.integer(spot.depth === 0 ? 3 : 1, 5) }, () =>
      this.#selection(spot),
    );
    return `{ ${selections.join(' ')} }`;
  }

  #selection(spot: Spot): string {
    const { type, depth } = spot;
    const kind = this.#decide.integer(1, 14);
    const own = isAbstractType(type) && !isInterfaceType(type) ? [] : Object.values(type.getFields());
    const fields = own.filter((field) => !isCompositeType(getNamedType(field.type)) || depth < maxDepth);
    if (kind <= 9 && fields.length > 0) return this.#field(this.#decide.oneOf(fields), spot);
    if (kind === 10) return depth === 0 && type.name === 'Query' ? this.#introspection() : '__typename';
    if (depth >= maxDepth) return `${this.#decide.oneOf(['', 'kind: '])}__typename`;
    return kind <= 12 ? this.#spread(spot) : this.#inline(spot);
  }

  #introspection(): string {
    return this.#decide.oneOf([
      '__schema { queryType { name } types { name kind } }',
      '__type(name: "N") { name possibleTypes { name } fields { name type { kind ofType { name } } } }',
      '__type(name: "Nothing") { name }',
      '__typename',
    ]);
  }

  #field(field: GraphQLField<unknown, unknown>, spot: Spot): string {
    const { name } = field;
    const [args, id] = this.#arguments(field.args);
    // A name that stands for one field and its arguments can always be merged.
    const safe = id === '' ? '' : `${name}${id}: `;
    const alias = this.#decide.chance(4) ? `${this.#decide.chance(20) ? 'k' : `k${name}${id}`}: ` : safe;
    const named = getNamedType(field.type);
    const set = isCompositeType(named)
      ? ` ${this.#set({ ...spot, type: named, depth: spot.depth + 1 })}`
      : '';
    return `${alias}${name}${args}${this.#directives()}${set}`;
  }

  /** Arguments, and what tells them from others. */
  #arguments(defined: readonly GraphQLArgument[]): readonly [string, string] {
    const chosen = defined.flatMap(({ name, type, defaultValue }) => {
      const isRequired = isNonNullType(type) && defaultValue === undefined;
      if (!isRequired && this.#decide.chance(30)) return [];
      const { always = [], nullable = [] } = given[String(isNonNullType(type) ? type.ofType : type)] ?? {};
      return [`${name}: ${this.#decide.oneOf(isNonNullType(type) ? always : [...always, ...nullable])}`];
    });
    if (chosen.length === 0) return ['', ''];
    const text = chosen.join(', ');
    return [`(${text})`, `_${text.replaceAll(/\W/g, (sign) => (sign.codePointAt(0) ?? 0).toString(36))}`];
  }

  #spread({ type, from }: Spot): string {
    const fitting = fragments.filter((_, index) => {
      const condition = this.#conditions[index];
      return index >= from && condition !== undefined && this.#overlaps(condition, type);
    });
    return fitting.length === 0 ? '__typename' : `...${this.#decide.oneOf(fitting)}${this.#directives()}`;
  }

  #inline(spot: Spot): string {
    const depth = spot.depth + 1;
    if (this.#decide.chance(25)) return `...${this.#directives()} ${this.#set({ ...spot, depth })}`;
    const type = this.#decide.oneOf(
      this.#types.filter((each) => this.#overlaps(each, spot.type)).concat(spot.type),
    );
    return `... on ${type.name}${this.#directives()} ${this.#set({ ...spot, type, depth })}`;
  }

  #directives(): string {
    if (!this.#decide.chance(12)) return '';
    const values = ['true', 'false', '$b0', '$b1', '$b2'];
    const directives = ['skip', 'include'].map((name) => `@${name}(if: ${this.#decide.oneOf(values)})`);
    return ` ${this.#decide.oneOf([...directives, directives.join(' '), directives.toReversed().join(' ')])}`;
  }

  #overlaps(a: GraphQLCompositeType, b: GraphQLCompositeType): boolean {
    const possible = (type: GraphQLCompositeType): readonly unknown[] =>
      isObjectType(type) ? [type] : this.#schema.getPossibleTypes(type);
    return possible(a).some((type) => possible(b).includes(type));
  }
}
