import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isNotModified } from '../../../src/http/response/not-modified.ts';

function matches(field: string | undefined, etag = '"a"', method: string | undefined = 'GET'): boolean {
  return isNotModified({ method, headers: { 'if-none-match': field } }, etag);
}

describe('If-None-Match', () => {
  it.each<[field: string | undefined, etag: string]>([
    ['"a"', '"a"'],
    ['W/"a"', '"a"'],
    ['"a"', 'W/"a"'],
    ['W/"a"', 'W/"a"'],
    ['*', '"a"'],
    [' * ', '"a"'],
    ['"b", "a"', '"a"'],
    ['"a","b"', '"a"'],
    ['"b",\t W/"a" \t,"c"', '"a"'],
    [', "b",, "a",', '"a"'],
    ['"a", "a"', '"a"'],
    ['"a,b"', '"a,b"'],
    ['"x,y", "a"', '"a"'],
    ['"a\\"', '"a\\"'],
    ['"\xe4"', '"\xe4"'],
    ['""', '""'],
  ])('%j has the answer tagged %s', (field, etag) => {
    expect(matches(field, etag)).toBe(true);
  });

  it.each<[field: string | undefined, etag: string]>([
    [undefined, '"a"'],
    ['', '"a"'],
    [' , ', '"a"'],
    ['"b"', '"a"'],
    ['"A"', '"a"'],
    ['"a,b"', '"a"'],
    ['"x,"', '","'],
    ['"b", "c"', '"a"'],
  ])('%j does not have the answer tagged %s', (field, etag) => {
    expect(matches(field, etag)).toBe(false);
  });

  it.each([
    'a',
    '"a',
    'a"',
    "'a'",
    'w/"a"',
    'W/ "a"',
    'W/a',
    '"a" "a"',
    '"a"; "a"',
    '"a"b',
    '"a", b',
    'b, "a"',
    '"a", *',
    '*, "a"',
    '* *',
    '"x, "a",y"',
    '"a", "b c"',
    '"a", "b\x7f"',
    '"a", "\u20ac"',
  ])('counts as missing where it is %j', (field) => {
    expect(matches(field)).toBe(false);
  });

  it.each([
    ['GET', true],
    ['HEAD', true],
    ['POST', false],
    ['PUT', false],
    ['OPTIONS', false],
    ['get', false],
    [undefined, false],
  ])('of %s can be met: %j', (method, expected) => {
    const request = { method, headers: { 'if-none-match': '"a"' } };
    expect(isNotModified(request, '"a"')).toBe(expected);
    expect(isNotModified({ ...request, headers: { 'if-none-match': '*' } }, '"a"')).toBe(expected);
  });

  it('finds a tag wherever it is in a list of others', () => {
    const tag = fc.stringMatching(/^(?:W\/)?"[!#-~]{0,9}"$/);
    fc.assert(
      fc.property(fc.array(tag), tag, fc.array(tag), (before, etag, after) => {
        expect(matches([...before, etag, ...after].join(', '), etag)).toBe(true);
      }),
    );
  });

  it('may be any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ',', ' ', '\t', 'W/', 'a', '*', '\\') }),
        (field) => {
          expect(matches(field, '"never"')).toBe(field.trim() === '*');
        },
      ),
    );
  });

  // As long as all header fields of a request together may be, and then a hundred times that: were the time
  // quadratic, the test would not come to an end.
  it.each(['"', ',', ' ', '\t', '""', '"",', '"a" ', ' "a', 'W/', 'W/"a", ', '"a,', '* '])(
    'takes little time however often %j is repeated',
    (part) => {
      for (const length of [16_384, 1_638_400]) {
        const field = part.repeat(length / part.length);
        expect(matches(field, '"never"')).toBe(false);
        expect(matches(`${field}x`, '"never"')).toBe(false);
      }
    },
  );
});
