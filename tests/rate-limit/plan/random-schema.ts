import type { Decisions } from './random.ts';

/** How a schema wraps its objects: as it was made, or with every object in a list, or with no lists; the latter nullable. */
export type Shape = 'original' | 'listed' | 'single';

interface Field {
  readonly name: string;
  readonly type: string;
}

interface ObjectType {
  readonly name: string;
  readonly interfaces: readonly string[];
  readonly fields: readonly Field[];
}

interface AbstractType {
  readonly name: string;
  readonly possible: readonly string[];
  /** None: it is a union. */
  readonly fields: readonly Field[];
}

/** A schema with limited fields. */
export interface RandomSchema {
  readonly objects: readonly ObjectType[];
  readonly abstract: readonly AbstractType[];
  /** Around the type of each field. Two types that ask for one name must agree on it. */
  readonly wrappers: Readonly<Record<string, (type: string) => string>>;
  /** The buckets of each limited field, by its coordinate. */
  readonly limited: ReadonlyMap<string, readonly string[]>;
}

const leaves = ['a', 'b', 'c'];
const links = ['p', 'q', 'r'];

export function isLink(field: string): boolean {
  return links.includes(field);
}

/** The object types that a type can turn out to be. */
export function possibleTypes({ abstract }: RandomSchema, name: string): readonly string[] {
  return abstract.find((type) => type.name === name)?.possible ?? [name];
}

export function fieldsOf({ abstract, objects }: RandomSchema, name: string): readonly Field[] {
  return [...abstract, ...objects].find((type) => type.name === name)?.fields ?? [];
}

/** Types that refer to each other at random, so that operations can be nested without end. */
export function randomSchema(decide: Decisions): RandomSchema {
  const names = ['Query', 'A', 'B', 'C'].slice(0, decide.integer(3, 4));
  const members = (): string[] => decide.someOf(names.slice(1), 2);
  const outlines = ['N', 'M', 'U'].map((name) => ({ name, possible: members(), isUnion: name === 'U' }));
  const all = [...names.slice(1), 'N', 'M', 'U', 'N', 'M', 'U'];
  const declared = new Map([
    ...leaves.map((name) => [name, 'Int'] as const),
    ...links.map((name) => [name, decide.oneOf(all)] as const),
  ]);

  const abstract = outlines.map(({ name, possible, isUnion }): AbstractType => {
    const fields = isUnion ? [] : [...decide.someOf(leaves, 1), ...decide.someOf(links, 1)];
    return {
      name,
      possible,
      fields: fields.map((field) => ({ name: field, type: declared.get(field) ?? 'Int' })),
    };
  });
  const objects = names.map((name): ObjectType => {
    const interfaces = abstract.filter(
      ({ possible, fields }) => possible.includes(name) && fields.length > 0,
    );
    const inherited = new Set(interfaces.flatMap(({ fields }) => fields.map((field) => field.name)));
    const own =
      name === 'Query' ? [...leaves, ...links] : [...decide.someOf(leaves, 1), ...decide.someOf(links, 0)];
    const fields = [...new Set([...inherited, ...own])].map((field): Field => {
      const type = declared.get(field) ?? 'Int';
      if (!isLink(field)) return { name: field, type };
      const narrower = abstract.find((each) => each.name === type)?.possible ?? [];
      return {
        name: field,
        type: inherited.has(field) ? decide.oneOf([type, type, ...narrower]) : decide.oneOf(all),
      };
    });
    return { name, interfaces: interfaces.map((each) => each.name), fields };
  });
  return { objects, abstract, wrappers: randomWrappers(decide), limited: randomLimits(decide, objects) };
}

function randomWrappers(decide: Decisions): RandomSchema['wrappers'] {
  const ofLinks = [
    (type: string) => type,
    (type: string) => `${type}!`,
    (type: string) => `${type}!`,
    (type: string) => `[${type}]`,
    (type: string) => `[${type}!]!`,
  ];
  return Object.fromEntries([
    ...leaves.map((name) => [name, decide.oneOf(ofLinks.slice(0, 2))] as const),
    ...links.map((name) => [name, decide.oneOf(ofLinks)] as const),
  ]);
}

function randomLimits(decide: Decisions, objects: readonly ObjectType[]): Map<string, readonly string[]> {
  const coordinates = objects.flatMap(({ name, fields }) => fields.map((field) => `${name}.${field.name}`));
  const buckets = (own: string): string[] =>
    decide.oneOf([[], [own], ['s'], ['s'], ['t'], ['s', 't'], [own, 's']]);
  return new Map(coordinates.filter(() => decide.chance(60)).map((each) => [each, buckets(each)]));
}

/** The schema's definition. Each leaf has an argument. */
export function definitionOf({ objects, abstract, wrappers }: RandomSchema, shape: Shape): string {
  const typeOf = ({ name, type }: Field): string => {
    if (shape === 'original') return wrappers[name]?.(type) ?? type;
    return shape === 'listed' && isLink(name) ? `[${type}]` : type;
  };
  const field = (each: Field): string =>
    `${each.name}${isLink(each.name) ? '' : '(x: Int = 0)'}: ${typeOf(each)}`;
  const body = (fields: readonly Field[]): string => `{ ${fields.map(field).join(' ')} }`;
  return [
    ...objects.map(({ name, interfaces, fields }) => {
      const implemented = interfaces.length > 0 ? ` implements ${interfaces.join(' & ')}` : '';
      return `type ${name}${implemented} ${body(fields)}`;
    }),
    ...abstract.map(({ name, possible, fields }) =>
      fields.length > 0 ? `interface ${name} ${body(fields)}` : `union ${name} = ${possible.join(' | ')}`,
    ),
  ].join('\n');
}
