import { describe, expect, it } from 'vitest';
import { entriesOf } from './planned.ts';

/** Objects that `node` can be. Each limited field says which buckets it takes from. */
const things = `
  type Query { node: Node nodes: [Node] any: Any }
  interface Node { id: Int pet: Pet }
  union Any = A | B
  interface Pet { name: Int }
  type Cat implements Pet { name: Int meow: Int @limited(by: ["s"]) miaow: Int @limited(by: ["m"]) }
  type Dog implements Pet { name: Int bark: Int @limited(by: ["s"]) }
  type A implements Node {
    id: Int @limited(by: ["A.id"]) pet: Pet own: Int @limited(by: ["A.own"]) friend: Dog
    s: Int @limited(by: ["s"]) st: Int @limited(by: ["s", "t"])
  }
  type B implements Node {
    id: Int @limited(by: ["B.id"]) pet: Pet own: Int @limited(by: ["B.own"])
    s: Int @limited(by: ["s"]) t: Int @limited(by: ["t"]) dog: Dog
  }
  type C implements Node { id: Int pet: Pet s: Int @limited(by: ["s"]) }
`;

describe('a field of an interface or a union', () => {
  it('is asked of every possible type', () => {
    expect(entriesOf(things, '{ node { id } }')).toEqual(['node.id A.id', 'node.id B.id']);
    expect(entriesOf(things, '{ any { ... on Node { id } } }')).toEqual(['any.id A.id', 'any.id B.id']);
  });

  it('is asked of the types that a fragment applies to', () => {
    expect(entriesOf(things, '{ node { ... on Any { ... on B { own } } ... on A { own } } }')).toEqual([
      'node.own B.own',
      'node.own A.own',
    ]);
  });
});

describe('selections of several possible types', () => {
  it('are entries of their own if they share no bucket', () => {
    expect(entriesOf(things, '{ node { ... on A { own s } ... on B { own t } } }')).toEqual([
      'node.own A.own',
      'node.own B.own',
      'node.s A.s',
      'node.t B.t',
    ]);
  });

  it('are one choice if they share a bucket, with what each type asks for together', () => {
    expect(
      entriesOf(things, '{ nodes { ... on A { x: s y: s own } ... on B { s } ... on C { s } } }'),
    ).toEqual(['(nodes.x A.s + nodes.y A.s | nodes.s B.s | nodes.s C.s)', 'nodes.own A.own']);
  });

  it('are one choice if a third one shares buckets with both', () => {
    expect(entriesOf(things, '{ node { ... on A { st } ... on B { s t } } }')).toEqual([
      '(node.st A.st | node.s B.s + node.t B.t)',
    ]);
  });

  it('are one choice however deep they lie', () => {
    expect(entriesOf(things, '{ node { ... on A { s } ... on B { dog { bark } } } }')).toEqual([
      '(node.s A.s | node.dog.bark Dog.bark)',
    ]);
  });

  it('are entries of their own if one type asks for all of them', () => {
    expect(entriesOf(things, '{ node { ... on A { x: s y: s friend { bark } } ... on B { t } } }')).toEqual([
      'node.x A.s',
      'node.y A.s',
      'node.friend.bark Dog.bark',
      'node.t B.t',
    ]);
  });

  it('are entries of their own if the buckets that they share are those that one type asks for all of', () => {
    expect(entriesOf(things, '{ node { ... on A { s st } ... on B { t } } }')).toEqual([
      'node.s A.s',
      '(node.st A.st | node.t B.t)',
    ]);
  });

  it('are one choice if buckets that are shared at different depths bind them', () => {
    const definition = `
      type Query { n: N }
      interface N { n: N }
      type A implements N { n: N x: Int @limited(by: ["a", "c"]) }
      type B implements N { n: N y: Int @limited(by: ["b", "c"]) a: Int @limited(by: ["a"]) b: Int @limited(by: ["b"]) }
    `;
    const low = 'n { ... on A { x } ... on B { y } }';
    const source = `{ n { ... on A { n { ... on A { ${low} } ... on B { b } } } ... on B { a } } }`;
    expect(entriesOf(definition, source)).toEqual(['(((n.n.n.x A.x | n.n.n.y B.y) | n.n.b B.b) | n.a B.a)']);
  });

  it('are a choice in a choice where a type asks for an abstract type below', () => {
    const source =
      '{ node { ... on A { s pet { ... on Cat { meow } ... on Dog { bark } } } ... on B { s } } }';
    expect(entriesOf(things, source)).toEqual([
      '(node.s A.s + (node.pet.meow Cat.meow | node.pet.bark Dog.bark) | node.s B.s)',
    ]);
  });

  it('are a choice of the abstract type below alone if the one above has no part in it', () => {
    const source = '{ node { ... on A { s pet { ... on Cat { meow miaow } ... on Dog { bark } } } } }';
    expect(entriesOf(things, source)).toEqual([
      'node.s A.s',
      '(node.pet.meow Cat.meow | node.pet.bark Dog.bark)',
      'node.pet.miaow Cat.miaow',
    ]);
  });

  it('are a choice if every two of them have a type in common, but no type asks for all', () => {
    const definition = `
      type Query { i: I }
      interface I { x: L y: L z: L }
      interface AB { x: L }  interface BC { y: L }  interface CA { z: L }
      type A implements I & AB & CA { x: L y: L z: L }
      type B implements I & AB & BC { x: L y: L z: L }
      type C implements I & BC & CA { x: L y: L z: L }
      type L { f: Int @limited(by: ["s"]) }
    `;
    const source = '{ i { ... on AB { x { f } } ... on BC { y { f } } ... on CA { z { f } } } }';
    expect(entriesOf(definition, source)).toEqual([
      '(i.x.f L.f + i.z.f L.f | i.x.f L.f + i.y.f L.f | i.y.f L.f + i.z.f L.f)',
    ]);
  });
});

describe('what several possible types ask for through the same fields', () => {
  it('is planned once', () => {
    expect(entriesOf(things, '{ node { pet { ... on Dog { bark } } } }')).toEqual(['node.pet.bark Dog.bark']);
  });

  it('is asked for by all of them, though a fragment is spread for some first and then for the others', () => {
    const source = '{ node { ... on A { ...F s } ...F } } fragment F on Node { pet { ... on Dog { bark } } }';
    expect(entriesOf(things, source)).toEqual(['node.pet.bark Dog.bark', 'node.s A.s']);
  });

  it('belongs to the alternatives of all of them', () => {
    const source = '{ node { pet { ... on Dog { bark } } ... on A { s } ... on C { s } } }';
    expect(entriesOf(things, source)).toEqual([
      '(node.pet.bark Dog.bark + node.s A.s | node.pet.bark Dog.bark + node.s C.s)',
    ]);
  });
});

describe('a selection that types of its place lead to in different ways', () => {
  it('is an entry of its own', () => {
    const definition = `
      type Query { p: N }
      interface N { p: N x: Int }
      type A implements N { p: N x: Int @limited(by: ["s"]) }
      type B implements N { p: A x: Int }
    `;
    expect(entriesOf(definition, '{ p { p { p { ... on A { x y: x } } } } }')).toEqual([
      'p.p.p.x A.x',
      'p.p.p.y A.x',
    ]);
  });
});

describe('one field in one place that possible types ask for through different fields', () => {
  const definition = `
    type Query { node: Node }
    interface Node { f: T }
    type A implements Node { f: T }
    type B implements Node { f: T g: T }
    type T { x(n: Int): Int @limited y: Int @limited(by: ["y"]) }
  `;

  it('is one choice, because nothing tells its selections apart while it is executed', () => {
    const source = '{ node { ... on A { f { x(n: 1) } } ... on B { f: g { x(n: 2) } } } }';
    expect(entriesOf(definition, source)).toEqual(['(node.f.x T.x | node.f.x T.x)']);
  });
});

describe('an entry below selections of several types', () => {
  const gates = `
    type Query { node: Node gate: Node @limited }
    interface Node { gate: Node }
    type A implements Node { gate: Node @limited(by: ["a"]) x: Int @limited }
    type B implements Node { gate: Node @limited(by: ["b"]) }
    type C implements Node { gate: Node }
  `;
  const shared = gates.replace('"a"', '"s"').replace('"b"', '"s"');

  it('is under none of them, since another may lead to it', () => {
    expect(
      entriesOf(
        gates,
        '{ node { ... on A { gate { ...X } } ... on B { gate { ...X } } } } fragment X on A { x }',
      ),
    ).toEqual(['node.gate A.gate', 'node.gate.x A.x', 'node.gate B.gate']);
    expect(entriesOf(gates, '{ node { gate { ...X } } } fragment X on A { x }')).toContain('node.gate.x A.x');
  });

  it('is under the choice that all of them are in', () => {
    const source =
      '{ node { ... on A { gate { ... on A { x } } } ... on B { gate { ... on A { y: x } } } } }';
    expect(entriesOf(shared, source)).toEqual([
      '(node.gate A.gate | node.gate B.gate)',
      'node.gate.x A.x under 0',
      'node.gate.y A.x under 0',
    ]);
  });

  it('is under what lies above all of them', () => {
    expect(entriesOf(gates, '{ gate { gate { ... on A { x } } } }')).toEqual([
      'gate Query.gate',
      'gate.gate A.gate under 0',
      'gate.gate B.gate under 0',
      'gate.gate.x A.x under 0',
    ]);
  });

  it('is not under what leads to it for one type only, while others get there free', () => {
    expect(entriesOf(gates, '{ node { gate { ... on A { x } } } }').at(-1)).toBe('node.gate.x A.x');
    expect(entriesOf(gates, '{ node { ... on A { gate { ... on A { x } } } } }').at(-1)).toBe(
      'node.gate.x A.x under 0',
    );
  });
});
