import type { Decisions } from './random.ts';
import { fieldsOf, isLink, possibleTypes, type RandomSchema } from './random-schema.ts';

/** A document with one operation or more, and what to run it with. */
export interface RandomDocument {
  readonly source: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Where a selection set stands. */
interface Spot {
  readonly type: string;
  readonly depth: number;
  /** The first fragment that may be spread. Fragments spread later ones only, so that none spreads itself. */
  readonly from: number;
  /** How often, in percent, a field takes a name that another one may have: valid where types keep them apart. */
  readonly risk: number;
}

const fragments = ['F0', 'F1', 'F2', 'F3'];
const maxDepth = 4;

export function randomDocument(decide: Decisions, schema: RandomSchema): RandomDocument {
  return new Writer(decide, schema).document();
}

class Writer {
  readonly #decide: Decisions;
  readonly #schema: RandomSchema;
  readonly #types: readonly string[];
  /** The type that each fragment is on. */
  readonly #conditions: ReadonlyMap<string, string>;

  constructor(decide: Decisions, schema: RandomSchema) {
    this.#decide = decide;
    this.#schema = schema;
    this.#types = [...schema.objects, ...schema.abstract].map(({ name }) => name);
    this.#conditions = new Map(fragments.map((name) => [name, decide.oneOf(this.#types)]));
  }

  document(): RandomDocument {
    const header = '($v0: Boolean!, $v1: Boolean = true, $v2: Boolean! = false, $n: Int = 7)';
    const operations = ['One', 'Two'].slice(0, this.#decide.integer(1, 2));
    const parts = [
      ...operations.map((name) => {
        return `query ${name}${header} ${this.#set({ type: 'Query', depth: 0, from: 0, risk: 2 })}`;
      }),
      ...[...this.#conditions].map(([name, type], index) => {
        return `fragment ${name} on ${type} ${this.#set({ type, depth: 2, from: index + 1, risk: 2 })}`;
      }),
    ];
    const variables: Record<string, unknown> = { v0: this.#decide.chance(50) };
    for (const name of ['v1', 'v2']) if (this.#decide.chance(50)) variables[name] = this.#decide.chance(50);
    return { source: parts.join('\n'), operationName: this.#decide.oneOf(operations), variables };
  }

  #set(spot: Spot): string {
    const selections = Array.from({ length: this.#decide.integer(spot.depth === 0 ? 2 : 1, 4) }, () =>
      this.#selection(spot),
    );
    return `{ ${selections.join(' ')} }`;
  }

  #selection(spot: Spot): string {
    const { type, depth } = spot;
    const kind = this.#decide.integer(1, 12);
    const fields = fieldsOf(this.#schema, type).filter(({ name }) =>
      isLink(name) ? depth < maxDepth : depth > 0,
    );
    if (kind <= 7 && fields.length > 0) return this.#field(this.#decide.oneOf(fields), spot);
    const isAbstract = possibleTypes(this.#schema, type).length > 1;
    if (isAbstract && kind % 2 === 1 && depth < maxDepth) return this.#rivals(spot);
    if (kind <= 9) return this.#spread(spot);
    return kind === 12 || depth >= maxDepth ? '__typename' : this.#inline(spot);
  }

  #field({ name, type }: { name: string; type: string }, spot: Spot): string {
    const value = this.#decide.oneOf(['', '', '1', '2', '$n']);
    const args = isLink(name) || value === '' ? '' : `(x: ${value})`;
    // A name that stands for one field and its arguments can always be merged.
    const safe = args === '' ? '' : `${name}${value.replace('$', '')}: `;
    const alias = this.#decide.chance(spot.risk) ? `${this.#decide.chance(15) ? 'k' : `k${name}`}: ` : safe;
    const set = isLink(name) ? ` ${this.#set({ ...spot, type, depth: spot.depth + 1 })}` : '';
    return `${alias}${name}${args}${this.#directives()}${set}`;
  }

  #spread({ type, from }: Spot): string {
    const names = fragments
      .slice(from)
      .filter((name) => this.#overlaps(this.#conditions.get(name) ?? '', type));
    return names.length === 0 ? '__typename' : `...${this.#decide.oneOf(names)}${this.#directives()}`;
  }

  #inline(spot: Spot): string {
    const depth = spot.depth + 1;
    if (this.#decide.chance(25)) return `...${this.#directives()} ${this.#set({ ...spot, depth })}`;
    const type = this.#decide.oneOf(this.#types.filter((each) => this.#overlaps(each, spot.type)));
    return `... on ${type}${this.#directives()} ${this.#set({ ...spot, type, depth })}`;
  }

  /** Fragments on several types, with one field that they have in common, among others. */
  #rivals(spot: Spot): string {
    const types = this.#decide.someOf(possibleTypes(this.#schema, spot.type), 2);
    const common = fieldsOf(this.#schema, types[0] ?? '').filter(({ name }) =>
      types.every((type) => fieldsOf(this.#schema, type).some((field) => field.name === name)),
    );
    const links = common.filter(({ name }) => isLink(name) && spot.depth + 1 < maxDepth);
    const shared = common.length > 0 ? this.#decide.oneOf(links.length > 0 ? links : common).name : undefined;
    const hasClash = this.#decide.chance(30);
    return types
      .map((type) => {
        const inside = { ...spot, type, depth: spot.depth + 1, risk: 30 };
        const field = fieldsOf(this.#schema, type).find(({ name }) => name === shared);
        const isClash = field !== undefined && isLink(field.name) && hasClash;
        const first =
          field === undefined
            ? this.#selection(inside)
            : isClash
              ? this.#clash(field)
              : this.#field(field, inside);
        return `... on ${type} { ${first} ${this.#selection(inside)} }`;
      })
      .join(' ');
  }

  /** What asks, below different types, for the same place with different arguments. */
  #clash({ name, type }: { name: string; type: string }): string {
    const below = possibleTypes(this.#schema, type)[0] ?? type;
    const leaf = fieldsOf(this.#schema, below).find((field) => !isLink(field.name))?.name ?? '__typename';
    const args = leaf === '__typename' ? '' : `(x: ${this.#decide.integer(1, 3)})`;
    return `${name} { ... on ${below} { clash: ${leaf}${args} } }`;
  }

  #directives(): string {
    if (!this.#decide.chance(10)) return '';
    const values = ['true', 'false', '$v0', '$v1', '$v2'];
    const directives = ['skip', 'include'].map((name) => `@${name}(if: ${this.#decide.oneOf(values)})`);
    return ` ${this.#decide.oneOf([...directives, directives.join(' '), directives.toReversed().join(' ')])}`;
  }

  #overlaps(a: string, b: string): boolean {
    const possible = new Set(possibleTypes(this.#schema, b));
    return possibleTypes(this.#schema, a).some((type) => possible.has(type));
  }
}
