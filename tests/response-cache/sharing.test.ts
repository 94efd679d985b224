import fc from 'fast-check';
import { type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { OperationContext } from '../../src/operation/context.ts';
import { type CachePlan, planCache } from '../../src/response-cache/cache-plan.ts';
import { declare } from '../support/declared.ts';
import { openPipeline } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    user: User @cacheControl(maxAge: 60, staleWhileRevalidate: 30, staleIfError: 300)
    users: [User!] @cacheControl(maxAge: 50, staleWhileRevalidate: 10)
    named: Named @cacheControl(maxAge: 40, staleIfError: 20)
    any: [Any] @cacheControl(maxAge: 90)
    me: User @cacheControl(maxAge: 30, scope: PRIVATE)
    count: Int @cacheControl(maxAge: 20)
    uncounted: Int
  }
  interface Named { name: String friend: User @cacheControl(inheritMaxAge: true) }
  union Any = User | Product | Note
  type User implements Named {
    name: String
    email: String @cacheControl(scope: PRIVATE)
    score: Int @cacheControl(maxAge: 10, staleIfError: 10)
    friend: User @cacheControl(inheritMaxAge: true)
    products: [Product] @cacheControl(maxAge: 25)
    notes: [Note]
  }
  type Product implements Named {
    name: String @cacheControl(scope: PRIVATE)
    price: Int
    friend: User
  }
  type Note @cacheControl(maxAge: 35, scope: PRIVATE) { text: String about: Named @cacheControl(inheritMaxAge: true) }
`;

/** The fields of each type, and the type that each leads to. */
const fields = {
  Query: { user: 'User', users: 'User', named: 'Named', any: 'Any', me: 'User', count: '', uncounted: '' },
  Named: { name: '', friend: 'User' },
  Any: {},
  User: { name: '', email: '', score: '', friend: 'User', products: 'Product', notes: 'Note' },
  Product: { name: '', price: '', friend: 'User' },
  Note: { text: '', about: 'Named' },
} as const satisfies Record<string, Record<string, string>>;
type TypeName = keyof typeof fields;
const members: Partial<Record<TypeName, TypeName[]>> = {
  Named: ['User', 'Product'],
  Any: ['User', 'Product', 'Note', 'Named'],
};

/** What is selected of a type: a field, or what is selected of one of its types. */
type Node =
  | { readonly field: string; readonly below: readonly Node[] }
  | { readonly on: TypeName; readonly below: readonly Node[] };

function nodesOf(type: TypeName, depth: number): fc.Arbitrary<Node[]> {
  const ofFields = Object.entries(fields[type]).flatMap(([field, leadsTo]) => {
    if (leadsTo === '') return [fc.constant<Node>({ field, below: [] })];
    return depth === 0
      ? []
      : [nodesOf(leadsTo as TypeName, depth - 1).map((below): Node => ({ field, below }))];
  });
  const ofMembers = (members[type] ?? []).map((on) => nodesOf(on, 0).map((below): Node => ({ on, below })));
  const typeName = fc.constant<Node>({ field: '__typename', below: [] });
  return fc.array(fc.oneof(...ofFields, ...ofMembers, typeName), { minLength: 1, maxLength: 4 });
}

type Random = () => number;

/** Writes a selection down. Each field has a name of its own, so that no two of them are merged. */
class Writer {
  readonly fragments: string[] = [];
  readonly #random: Random | undefined;
  #names = 0;

  /** @param random by which to rename, reorder, wrap and space what is written; none: as it is */
  constructor(random?: Random) {
    this.#random = random;
  }

  write(nodes: readonly Node[], type: TypeName): string {
    const written = nodes.map((node) => this.#wrap(this.#node(node, type), type));
    if (this.#random !== undefined && this.#random() % 2 === 0) written.reverse();
    return `{${written.join(this.#space())}}`;
  }

  #node(node: Node, type: TypeName): string {
    if ('on' in node) return `... on ${node.on} ${this.write(node.below, node.on)}`;
    this.#names += 1;
    const name = this.#random === undefined ? `a${this.#names}` : `r${this.#names}_${this.#random()}`;
    const leadsTo = (fields[type] as Record<string, string>)[node.field] ?? '';
    const below = leadsTo === '' ? '' : this.write(node.below, leadsTo as TypeName);
    return `${name}: ${node.field}${below}`;
  }

  #wrap(text: string, type: TypeName): string {
    const choice = (this.#random?.() ?? 0) % 6;
    if (choice === 1) return `... { ${text} }`;
    if (choice === 2) return `... on ${type} {${this.#space()}${text} }`;
    if (choice === 3) return `... @include(if: true) { ... { ${text} } }`;
    if (choice !== 4) return text;
    const name = `F${this.fragments.length}`;
    this.fragments.push(`fragment ${name} on ${type} { ${text} }`);
    return `...${name}`;
  }

  #space(): string {
    return [' ', '\n\n', ' # } { me\n', ',,', '\t'][(this.#random?.() ?? 0) % 5] ?? ' ';
  }
}

function documentOf(nodes: readonly Node[], random?: Random): string {
  const writer = new Writer(random);
  return [`query ${writer.write(nodes, 'Query')}`, ...writer.fragments].join('\n');
}

const documents = nodesOf('Query', 2);
const randoms = fc.infiniteStream(fc.nat(1000)).map(
  (stream): Random =>
    () =>
      Number(stream.next().value),
);

describe('whether an answer is kept, for how long and for whom', () => {
  const { schema } = declare(typeDefs);
  function planOf(source: string): CachePlan | undefined {
    const document = parse(source);
    const [operation] = document.definitions as OperationDefinitionNode[];
    return operation && planCache(schema, document, operation, { isLimited: () => false });
  }
  const essence = (plan: CachePlan | undefined) =>
    plan && [plan.scope, plan.maxAge, plan.staleWhileRevalidate, plan.staleIfError, new Set(plan.tags)];

  it('is the same under other names, in another order, in fragments, with comments', () => {
    const seen = { PUBLIC: 0, PRIVATE: 0, none: 0 };
    fc.assert(
      fc.property(documents, randoms, (nodes, random) => {
        const plan = planOf(documentOf(nodes));
        seen[plan?.scope ?? 'none'] += 1;
        expect(essence(planOf(documentOf(nodes, random)))).toEqual(essence(plan));
      }),
      { numRuns: 500 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });
});

describe('an answer that was made for one caller', () => {
  const callers = [
    { ip: '192.0.2.1', userId: '1', tiers: ['USER'] },
    { ip: '192.0.2.1', userId: '2', tiers: ['USER'] },
    { ip: '192.0.2.1', tiers: ['ANONYMOUS'] },
  ];
  /** What is PRIVATE differs for each caller. */
  const own = (_: unknown, _args: unknown, { caller }: OperationContext) => caller.userId ?? 'nobody';
  const user = (typename = 'User') => ({ __typename: typename, ...leaves });
  const leaves = {
    name: 'n',
    score: 1,
    price: 2,
    friend: () => user(),
    about: () => user('Product'),
    products: () => [user('Product')],
    notes: () => [user('Note')],
  };
  const resolvers = {
    Query: {
      user: () => user(),
      users: () => [user()],
      named: () => user('Product'),
      any: () => [user(), user('Product'), user('Note')],
      me: (...args: Parameters<typeof own>) => ({ ...user(), name: own(...args) }),
      count: () => 1,
      uncounted: () => 2,
    },
    User: { email: own },
    Product: { name: own },
    Note: { text: own },
  };

  it('is never given to another for whom it could differ, and is given to those for whom it could not', async () => {
    let hits = 0;
    await fc.assert(
      fc.asyncProperty(documents, randoms, async (nodes, random) => {
        const api = openPipeline(typeDefs, resolvers);
        const source = documentOf(nodes, random);
        for (const caller of [...callers, ...callers]) {
          const { data, errors, cacheStatus = '' } = await api.run(source, { caller });
          const fresh = await openPipeline(typeDefs, resolvers).run(source, { caller });
          expect([JSON.stringify(data), errors]).toEqual([JSON.stringify(fresh.data), undefined]);
          if (cacheStatus.includes('hit')) hits += 1;
        }
      }),
      { numRuns: 40 },
    );
    expect(hits).toBeGreaterThan(20);
  });
});
