import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../src/operation/document-size.ts';

/** How many fields a document counts for, and how deep it is. */
function measured(source: string): { fields: number; depth: number } {
  const { fields, depth } = sizeOf(parse(source));
  return { fields, depth };
}

describe('the size of a document', () => {
  it('counts each field that is written, merged or not', () => {
    expect(measured('{ a a b { c ... { d } ... on T @skip(if: true) { e } } }')).toEqual({
      fields: 6,
      depth: 3,
    });
  });

  it('counts the fields of a fragment wherever it is spread', () => {
    expect(measured('{ ...F b { ...F } } fragment F on T { c { ...G } } fragment G on T { d e }')).toEqual({
      fields: 7,
      depth: 5,
    });
  });

  it('is that of all operations together', () => {
    expect(measured('query A { a ...F } query B { ...F } fragment F on T { b c }')).toEqual({
      fields: 5,
      depth: 2,
    });
  });

  it('counts fragments that nobody spreads as they are written', () => {
    expect(measured('{ a } fragment F on T { b { c } d }')).toEqual({ fields: 4, depth: 2 });
    expect(measured('{ a } fragment F on T { b { ...G } } fragment G on T { c { d } }').depth).toBe(4);
  });

  it('follows fragments that spread themselves once', () => {
    expect(measured('{ ...F } fragment F on T { a { ...F ...G } } fragment G on T { b ...F }').fields).toBe(
      2,
    );
  });

  it('counts the aliases of a fragment wherever it is spread', () => {
    expect(sizeOf(parse('{ a: b ...F c { ...F } } fragment F on T { d: e }')).aliases).toBe(3);
  });

  it('leaves out fragments that are not there, and what is no operation', () => {
    expect(measured('{ a ...Nowhere } type T { a: Int }')).toEqual({ fields: 1, depth: 1 });
  });

  it('is what it would be with every fragment written out', () => {
    const bodies = fc.array(fc.array(fc.tuple(fc.boolean(), fc.nat(5)), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(bodies, (fragments) => {
        // Each fragment leads to later ones only.
        const write = (index: number, spread: (to: number) => string): string => {
          const parts = (fragments[index] ?? []).map(([isNested, distance]) => {
            const to = index + 1 + distance;
            if (to >= fragments.length) return 'a';
            return isNested ? `b { ${spread(to)} }` : spread(to);
          });
          return parts.join(' ');
        };
        const inline = (to: number): string => `... { ${write(to, inline)} }`;
        const named = fragments.map(
          (_, index) => `fragment F${index} on T { ${write(index, (to) => `...F${to}`)} }`,
        );
        const { fields, depth } = measured(`{ ...F0 } ${named.join(' ')}`);
        const written = [...named.join(' ').matchAll(/\b[ab]\b/g)].length;
        const depths = [
          `{ ${inline(0)} }`,
          ...fragments.map((_, index) => `{ ${write(index, inline)} }`),
        ].map((source) => measured(source).depth);
        expect(fields).toBe(Math.max(measured(`{ ${inline(0)} }`).fields, written));
        expect(depth).toBe(Math.max(...depths));
      }),
    );
  });
});
