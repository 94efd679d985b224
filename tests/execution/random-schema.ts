import { buildSchema, type GraphQLSchema } from 'graphql';
import type { Decisions } from '../rate-limit/plan/random.ts';

/** Where a random schema has its fields, for those who write documents on it. */
export interface RandomSchema {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
}

const leaves = { i: 'Int', s: 'String', f: 'Float', b: 'Boolean', d: 'ID', e: 'Color', c: 'Odd' };
const links = ['p', 'q', 'r', 't'];

/** Those that a random field can have. Variables of all their types are in `random-document.ts`. */
const args = [
  'x: Int',
  'x: Int = 7',
  'x: Int!',
  'x: Int! = 3',
  'l: [Int!]',
  'l: [Int!]! = [1, 2]',
  's: String, e: Color = RED',
  'o: Filter',
  'o: Filter! = { a: 1 }, x: Int',
  'c: Odd',
  'c: Odd = 5, b: Boolean',
];

const fixed = `
  enum Color { RED GREEN BLUE }
  scalar Odd
  input Filter { a: Int = 5 b: String! = "z" c: [Filter!] e: Color d: Odd }
`;

/** Types that refer to each other at random, in all kinds of lists, so that operations can be nested without end. */
export function randomSchema(decide: Decisions): RandomSchema {
  const objects = ['A', 'B', 'C'].slice(0, decide.integer(1, 3));
  const interfaces = ['N', 'M'].slice(0, decide.integer(1, 2));
  const composite = [...objects, ...interfaces, 'U'];
  // Types that have a field of one name in common have to agree on it.
  const fields = new Map(
    [...Object.entries(leaves), ...links.map((name) => [name, decide.oneOf(composite)] as const)].map(
      ([name, type]) => [name, `${name}${randomArguments(decide)}: ${wrapped(decide, type)}`] as const,
    ),
  );
  const names = [...fields.keys()];
  const written = (some: readonly string[]): string =>
    `{ ${some.map((name) => fields.get(name) ?? '').join('\n    ')} }`;

  const abstract = interfaces.map((name) => ({ name, fields: decide.someOf(names, 2) }));
  const parts = objects.map((name, index) => {
    const implemented = abstract.filter(() => index === 0 || decide.chance(60));
    const inherited = implemented.flatMap((each) => each.fields);
    const own = new Set([...inherited, ...decide.someOf(names, 3)]);
    const header =
      implemented.length > 0 ? ` implements ${implemented.map((each) => each.name).join(' & ')}` : '';
    return `type ${name}${header} ${written([...own])}`;
  });
  const sdl = [
    fixed,
    ...parts,
    ...abstract.map(({ name, fields: own }) => `interface ${name} ${written(own)}`),
    `union U = ${decide.someOf(objects, 1).join(' | ')}`,
    `type Query ${written(names)}`,
    `type Mutation ${written(names)}`,
  ].join('\n');
  return { schema: buildSchema(sdl), sdl };
}

function randomArguments(decide: Decisions): string {
  return decide.chance(40) ? `(${decide.oneOf(args)})` : '';
}

function wrapped(decide: Decisions, type: string): string {
  let result = type;
  for (let depth = decide.oneOf([0, 0, 0, 1, 1, 2, 3]); depth > 0; depth -= 1) {
    result = `[${result}${decide.chance(40) ? '!' : ''}]`;
  }
  return `${result}${decide.chance(35) ? '!' : ''}`;
}
