import { describe, expect, it } from 'vitest';
import { entriesOf, plannerFor } from './planned.ts';

const shops = `
  type Query { a: Int @limited b: Int c(n: Int): Int @limited shop: Shop @limited free: Shop shops: [Shop!]! }
  type Shop { cheap: Int @limited dear: Int owner: Shop }
  type Mutation { a: Int @limited }
  type Subscription { a: Int @limited }
`;

describe('a limited field', () => {
  it('is planned where it is asked for, others are not', () => {
    expect(entriesOf(shops, '{ a b free { cheap dear } }')).toEqual(['a Query.a', 'free.cheap Shop.cheap']);
  });

  it('counts once however many times one place asks for it', () => {
    expect(entriesOf(shops, '{ a a free { cheap } free { dear cheap } ... { a } }')).toEqual([
      'a Query.a',
      'free.cheap Shop.cheap',
    ]);
  });

  it('counts for each alias', () => {
    expect(entriesOf(shops, '{ x: a y: a a }')).toEqual(['x Query.a', 'y Query.a', 'a Query.a']);
  });

  it('counts in each place that leads to it', () => {
    expect(entriesOf(shops, '{ x: free { cheap owner { cheap } } y: free { cheap } }')).toEqual([
      'x.cheap Shop.cheap',
      'x.owner.cheap Shop.cheap',
      'y.cheap Shop.cheap',
    ]);
  });

  it('counts once under a list', () => {
    expect(entriesOf(shops, '{ shops { cheap } }')).toEqual(['shops.cheap Shop.cheap']);
  });

  it('is under the nearest limited field above it', () => {
    expect(entriesOf(shops, '{ a shop { cheap owner { cheap } } }')).toEqual([
      'a Query.a',
      'shop Query.shop',
      'shop.cheap Shop.cheap under 1',
      'shop.owner.cheap Shop.cheap under 1',
    ]);
  });

  it('is planned in the order of the response, in which merged duplicates come first', () => {
    expect(entriesOf(shops, '{ free { dear } a free { cheap } }')).toEqual([
      'free.cheap Shop.cheap',
      'a Query.a',
    ]);
  });

  it('has the arguments of the first of its duplicates', () => {
    const [entry] = plannerFor(shops)('{ c(n: 3) c(n: 3) }').selections({}).entries;
    const node = entry?.kind === 'selection' ? entry.selection.node : undefined;
    expect(node?.arguments?.[0]?.value).toMatchObject({ value: '3', loc: { start: 7 } });
  });
});

describe('a fragment', () => {
  it('is merged with another spread of it in the same place', () => {
    expect(entriesOf(shops, '{ ...F ...F ... { ...F } a } fragment F on Query { a }')).toEqual(['a Query.a']);
  });

  it('counts in each place that spreads it', () => {
    const source = '{ x: free { ...F } y: free { ...F owner { ...F } } } fragment F on Shop { cheap }';
    expect(entriesOf(shops, source)).toEqual([
      'x.cheap Shop.cheap',
      'y.cheap Shop.cheap',
      'y.owner.cheap Shop.cheap',
    ]);
  });

  it('counts with the fragments that it spreads', () => {
    const source = '{ ...F } fragment F on Query { free { ...G } } fragment G on Shop { cheap }';
    expect(entriesOf(shops, source)).toEqual(['free.cheap Shop.cheap']);
  });

  it('counts for nothing if nobody spreads it', () => {
    expect(entriesOf(shops, '{ b } fragment F on Query { a }')).toEqual([]);
  });

  it('may stand inline, with and without a type', () => {
    expect(entriesOf(shops, '{ ... { a } ... on Query { x: a } }')).toEqual(['a Query.a', 'x Query.a']);
  });
});

describe('a field that is left out', () => {
  const variables = { yes: true, no: false };

  it.each([
    'a @skip(if: true)',
    'a @include(if: false)',
    'a @skip(if: true) @include(if: true)',
    'a @include(if: false) @skip(if: false)',
  ])('counts for nothing: %s', (field) => {
    expect(entriesOf(shops, `{ ${field} }`)).toEqual([]);
    const byVariables = field.replace('true', '$yes').replace('false', '$no');
    const source = `query ($yes: Boolean!, $no: Boolean!) { ${byVariables} }`;
    expect(entriesOf(shops, source, { variables })).toEqual([]);
  });

  it('counts if it is not left out elsewhere in the same place', () => {
    expect(entriesOf(shops, '{ a @skip(if: true) a a @include(if: false) }')).toEqual(['a Query.a']);
  });

  it('may be left out with the whole of a fragment', () => {
    const source = '{ ... @skip(if: true) { a } ...F @include(if: false) x: a } fragment F on Query { a }';
    expect(entriesOf(shops, source)).toEqual(['x Query.a']);
  });

  it('may be left out where a fragment is spread first, and not where it is spread again', () => {
    const source = '{ ...F @skip(if: true) ...F } fragment F on Query { a }';
    expect(entriesOf(shops, source)).toEqual(['a Query.a']);
  });
});

describe('the plan of an operation', () => {
  it('is that of the operation which was chosen', () => {
    const source = 'query One { a } query Two { x: a }';
    expect(entriesOf(shops, source, { operationName: 'Two' })).toEqual(['x Query.a']);
  });

  it('starts at the root type of its kind', () => {
    expect(entriesOf(shops, 'mutation { a }')).toEqual(['a Mutation.a']);
    expect(entriesOf(shops, 'subscription { a }')).toEqual(['a Subscription.a']);
  });

  it('tells what is asked of the root, introspection as well', () => {
    const { roots, entries } = plannerFor(shops)(
      '{ t: __typename b __schema { types { name } } x: a b }',
    ).selections({});
    expect(roots.map(({ key, coordinate }) => `${key} ${coordinate}`)).toEqual([
      't Query.__typename',
      'b Query.b',
      '__schema Query.__schema',
      'x Query.a',
    ]);
    expect(entries).toHaveLength(1);
  });

  it('is the same object for the same values of the variables that leave something out', () => {
    const plan = plannerFor(shops)(
      'query ($if: Boolean!, $n: Int) { a @skip(if: $if) c(n: $n) ...F } fragment F on Query { b }',
    );
    const first = plan.selections({ if: true, n: 1 });
    expect(plan.selections({ if: true, n: 2 })).toBe(first);
    expect(plan.selections({ if: false, n: 1 })).not.toBe(first);
    expect(plan.selections({ if: false, n: 1 }).entries).toHaveLength(2);
    expect(plan.selections({ if: true })).toBe(first);
  });

  it('is right, though no longer the same object, after more values than are kept', () => {
    const names = Array.from({ length: 7 }, (_, index) => `v${index}`);
    const header = names.map((name) => `$${name}: Boolean!`).join(' ');
    const plan = plannerFor(shops)(
      `query (${header}) { ${names.map((name) => `${name}: a @skip(if: $${name})`).join(' ')} }`,
    );
    const valuesOf = (bits: number) =>
      Object.fromEntries(names.map((name, index) => [name, ((bits >> index) & 1) === 1]));
    for (let bits = 0; bits < 128; bits += 1) {
      const skipped = Object.values(valuesOf(bits)).filter(Boolean).length;
      expect(plan.selections(valuesOf(bits)).entries).toHaveLength(7 - skipped);
    }
    expect(plan.selections(valuesOf(0))).toBe(plan.selections(valuesOf(0)));
    expect(plan.selections(valuesOf(127))).not.toBe(plan.selections(valuesOf(127)));
  });
});

describe('a document that is not valid', () => {
  it.each([
    '{ nothing nothing { a } ...Nowhere ... on Nothing { a } a { b } free shop }',
    '{ ...F a } fragment F on Query { ...G shop { ...F } } fragment G on Query { ...F }',
    '{ a @skip @include(if: 3) shop @skip(if: $unknown) }',
  ])('is planned as far as it makes sense: %s', (source) => {
    expect(entriesOf(shops, source).toSorted()).toEqual(['a Query.a', 'shop Query.shop']);
  });

  it('is planned although a fragment spreads itself for some types only', () => {
    const definition = `
      type Query { any: Any }
      union Any = A | B
      type A { a: Int @limited }
      type B { b: Int @limited }
    `;
    const source = '{ any { ...F } } fragment F on Any { ... on A { ...F a } ... on B { b ...F } }';
    expect(entriesOf(definition, source)).toEqual(['any.a A.a', 'any.b B.b']);
  });

  it('has no plan where the schema has no root for it', () => {
    expect(plannerFor('type Query { a: Int @limited }')('mutation { a }').selections({})).toEqual({
      entries: [],
      roots: [],
    });
  });
});

describe('a fatal selection', () => {
  const definition = `
    type Query { a: Int! @limited b: Int @limited must: T! may: T list: [T!]! any: I! listed: [Int!]! @limited }
    interface I { x: Int! }
    type T implements I { x: Int! @limited must: T! }
  `;

  it('is one that is never null, on a way of objects that are never null', () => {
    const source = '{ a b listed must { x must { x } } may { x } list { x } any { x } }';
    const { entries } = plannerFor(definition)(source).selections({});
    const fatal = entries.flatMap((entry) =>
      entry.kind === 'selection' && entry.selection.isFatal ? [entry.selection.place] : [],
    );
    expect(fatal).toEqual(['a', 'listed', 'must.x', 'must.must.x']);
  });
});
