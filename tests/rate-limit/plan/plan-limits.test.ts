import { describe, expect, it } from 'vitest';
import { PlanTooLarge } from '../../../src/rate-limit/plan/budget.ts';
import { chargesOfEntry } from '../../../src/rate-limit/plan/entry-charges.ts';
import { selectionsOf } from '../../../src/rate-limit/plan/selection-plan.ts';
import { plannerFor } from './planned.ts';

const tree = plannerFor(
  'type Query { child: Query free: Free f: Int @limited(by: ["f"]) } type Free { child: Free x: Int }',
);

function many(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join(' ');
}

/** Fifty types of which each leads to each, at every level. */
function nestedTypes(limitOf: (type: number) => string): ReturnType<typeof plannerFor> {
  return plannerFor(`
    type Query { node: Node }
    interface Node { next: Node f: Int }
    ${many(50, (n) => `type T${n} implements Node { next: Node f: Int g: Node ${limitOf(n)} }`)}
  `);
}

describe('planning', () => {
  it('fails fast where fragments multiply into too many places', () => {
    const bomb = `{ ...F0 } ${many(30, (n) => `fragment F${n} on Query { a: child { ...F${n + 1} } b: child { ...F${n + 1} } }`)}
      fragment F30 on Query { f }`;
    const plan = tree(bomb);
    const start = performance.now();
    expect(() => plan.selections({})).toThrow(PlanTooLarge);
    expect(performance.now() - start).toBeLessThan(500);
    expect(() => plan.selections({})).toThrow(
      'The operation asks for more than 10000 fields, those of a fragment counted wherever it is spread and those of ' +
        'an abstract type for each of its types. Ask for less, or in several operations.',
    );
  });

  it('fails where fragments nest too deep, however deep that is', () => {
    const chain = (
      length: number,
    ): string => `{ ...F0 } ${many(length, (n) => `fragment F${n} on Query { ...F${n + 1} }`)}
      fragment F${length} on Query { f }`;
    expect(tree(chain(498)).selections({}).entries).toHaveLength(1);
    expect(() => tree(chain(499)).selections({})).toThrow(
      'The operation nests more than 500 selection sets, those of fragments included. Nest less, or ask for what lies ' +
        'deepest in another operation.',
    );
    expect(() => tree(chain(10_000)).selections({})).toThrow(PlanTooLarge);
  });

  it('fails where fields nest too deep', () => {
    const chain = (length: number): string => `{ ${'child { '.repeat(length)} f ${'} '.repeat(length)} }`;
    expect(tree(chain(499)).selections({}).entries).toHaveLength(1);
    expect(() => tree(chain(500)).selections({})).toThrow(PlanTooLarge);
  });

  it('fails where long names are nested, before the places that they make fill the memory', () => {
    const source = `{ ${many(100, (n) => `${'a'.repeat(2000)}${n}: child {`)} f ${'} '.repeat(100)} }`;
    expect(() => tree(source).selections({})).toThrow(
      'The operation takes more than 500000 steps to plan, because of the ways in which its abstract types can be ' +
        'combined or the length of its names. Ask for less, or in several operations.',
    );
  });

  it('has room for as many fields as its limit says', () => {
    const source = `{ ${many(6, (n) => `f${n}: f`)} ...F } fragment F on Query { f6: f }`;
    // Each limited field counts when it is met and when it becomes a selection.
    expect(tree(source, { limits: { maxFields: 15, maxDepth: 2 } }).selections({}).entries).toHaveLength(7);
    expect(() => tree(source, { limits: { maxFields: 14, maxDepth: 2 } }).selections({})).toThrow(
      'more than 14 fields',
    );
    expect(() => tree(source, { limits: { maxFields: 15, maxDepth: 1 } }).selections({})).toThrow(
      'more than 1 selection',
    );
  });

  it('does not look where no limited field can be', () => {
    const source = `{ f free { ${many(300, (n) => `c${n}: child { ${many(100, (m) => `x${m}: x`)} }`)} } }`;
    expect(tree(source).selections({}).entries).toHaveLength(1);
  });

  it('looks once at what many types lead to by the same field, at any depth', () => {
    const source = `{ node { ${'next { '.repeat(100)} ...F ${'} '.repeat(100)} } } fragment F on T7 { g { f } }`;
    const plan = nestedTypes((n) => (n === 7 ? '@limited(by: ["s"])' : ''))(source);
    expect(plan.selections({}).entries).toHaveLength(1);
  });

  it('looks once at what types lead to by fields that differ in part', () => {
    const level = '... on T0 { next { f } } ... on T1 { next { f } } next { ';
    const source = `{ node { ${level.repeat(30)} ... on T7 { g { f } } ${'} '.repeat(30)} } }`;
    const plan = nestedTypes((n) => (n === 7 ? '@limited(by: ["s"])' : ''))(source);
    expect(plan.selections({}).entries).toHaveLength(1);
  });

  it('makes one choice of nested types, not one for each way to nest them', () => {
    const fragments = many(3, (n) => `fragment G${n} on T${n} { g { f } }`);
    const source = `{ node { ${'...F next { '.repeat(50)} ...F ${'} '.repeat(50)} } }
      fragment F on Node { ...G0 ...G1 ...G2 } ${fragments}`;
    const { entries } = nestedTypes(() => '@limited(by: ["s"])')(source).selections({});
    expect(entries.map((entry) => selectionsOf(entry).length)).toEqual([3 * 51]);
    const charges = entries.flatMap((entry) => chargesOfEntry(entry, () => [{ bucket: 's', cost: 1 }]));
    expect(charges).toEqual([{ bucket: 's', cost: 51 }]);
  });
});
