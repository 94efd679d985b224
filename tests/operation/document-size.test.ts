import fc from 'fast-check';
import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { tooLargeMessage } from '../../src/operation/document-size.ts';

const nothing = { fields: 0, depth: 0 };

function many(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join(' ');
}

/** How many fields a document counts for, and, in a second call without that limit, how deep it is. */
function sizeOf(source: string): { fields: number; depth: number } {
  const document = parse(source);
  const [, fields] = /asks for (\d+) fields/.exec(tooLargeMessage(document, nothing) ?? '') ?? [];
  const [, depth] =
    /nests (\d+) /.exec(tooLargeMessage(document, { ...nothing, fields: Infinity }) ?? '') ?? [];
  return { fields: Number(fields), depth: Number(depth) };
}

describe('the size of a document', () => {
  it('counts each field that is written, merged or not', () => {
    expect(sizeOf('{ a a b { c ... { d } ... on T @skip(if: true) { e } } }')).toEqual({
      fields: 6,
      depth: 3,
    });
  });

  it('counts the fields of a fragment wherever it is spread', () => {
    expect(sizeOf('{ ...F b { ...F } } fragment F on T { c { ...G } } fragment G on T { d e }')).toEqual({
      fields: 7,
      depth: 5,
    });
  });

  it('is that of all operations together', () => {
    expect(sizeOf('query A { a ...F } query B { ...F } fragment F on T { b c }')).toEqual({
      fields: 5,
      depth: 2,
    });
  });

  it('counts fragments that nobody spreads as they are written', () => {
    expect(sizeOf('{ a } fragment F on T { b { c } d }')).toEqual({ fields: 4, depth: 2 });
    expect(sizeOf('{ a } fragment F on T { b { ...G } } fragment G on T { c { d } }').depth).toBe(4);
  });

  it('follows fragments that spread themselves once', () => {
    expect(sizeOf('{ ...F } fragment F on T { a { ...F ...G } } fragment G on T { b ...F }').fields).toBe(2);
  });

  it('leaves out fragments that are not there, and what is no operation', () => {
    expect(sizeOf('{ a ...Nowhere } type T { a: Int }')).toEqual({ fields: 1, depth: 1 });
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
        const { fields, depth } = sizeOf(`{ ...F0 } ${named.join(' ')}`);
        const written = [...named.join(' ').matchAll(/\b[ab]\b/g)].length;
        const depths = [
          `{ ${inline(0)} }`,
          ...fragments.map((_, index) => `{ ${write(index, inline)} }`),
        ].map((source) => sizeOf(source).depth);
        expect(fields).toBe(Math.max(sizeOf(`{ ${inline(0)} }`).fields, written));
        expect(depth).toBe(Math.max(...depths));
      }),
    );
  });
});

describe('a document that is too large', () => {
  it('is told how large it is and may be, and what to do', () => {
    expect(tooLargeMessage(parse('{ a b c }'), { fields: 2, depth: 9 })).toBe(
      'The document asks for 3 fields, those of a fragment counted wherever it is spread, and may ask for 2. ' +
        'Ask for less, or in several requests.',
    );
    expect(tooLargeMessage(parse('{ a { b { c } } }'), { fields: 9, depth: 2 })).toBe(
      'The document nests 3 selection sets, those of fragments included, and may nest 2. ' +
        'Nest less, or ask for what lies deepest in another request.',
    );
    expect(tooLargeMessage(parse('{ a { b } }'), { fields: 2, depth: 2 })).toBeUndefined();
  });

  it('is found to be, at once, where fragments multiply without end', () => {
    const bomb = `{ ...F0 } ${many(2000, (n) => `fragment F${n} on T { a { ...F${n + 1} } b { ...F${n + 1} } }`)} fragment F2000 on T { c }`;
    const document = parse(bomb);
    const start = performance.now();
    expect(tooLargeMessage(document)).toContain(`asks for ${Number.MAX_SAFE_INTEGER} fields`);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('is found to be where fragments spread each other ten thousand deep', () => {
    const chain = `{ ...F0 } ${many(10_000, (n) => `fragment F${n} on T { ...F${n + 1} }`)} fragment F10000 on T { a }`;
    expect(tooLargeMessage(parse(chain))).toContain('nests 10002 selection sets');
  });

  it.each([
    ['the introspection query', getIntrospectionQuery()],
    ['2,500 fields', `{ ${many(500, (n) => `f${n}: user(id: ${n}) { id name email posts { title } }`)} }`],
    ['1,000 aliases', `{ ${many(1000, (n) => `f${n}: user(id: ${n}) { name }`)} }`],
    [
      'a fragment spread 200 times',
      `{ ${many(200, (n) => `f${n}: user(id: ${n}) { ...F }`)} } fragment F on User { ${many(20, (n) => `a${n}`)} }`,
    ],
    ['100 levels', `{ ${'a { '.repeat(99)} b ${'} '.repeat(99)} }`],
  ])('is not what people ask for: %s', (_, source) => {
    expect(tooLargeMessage(parse(source))).toBeUndefined();
  });
});
