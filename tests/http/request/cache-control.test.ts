import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCacheControl } from '../../../src/http/request/cache-control.ts';

describe("a request's Cache-Control", () => {
  it.each([
    'no-cache',
    'No-Cache',
    'NO-CACHE',
    ' \tno-cache\t ',
    'no-cache,',
    ',,no-cache',
    'max-age=5, no-cache',
    'no-cache, no-cache',
    'no-cache="x"',
    'no-cache=',
    'private="a, b", no-cache',
    'ext="a\\", b", no-cache',
    "ext='x', no-cache",
    'foo=bar baz, no-cache',
    '===, no-cache',
    '\u20ac, no-cache',
    'max-age=0',
    'Max-Age=0',
    'max-age=00',
    'max-age="0"',
    'max-age = 0',
    'max-age=5, max-age=0',
    'only-if-cached,max-age=0',
  ])('asks for a new answer by %j', (field) => {
    expect(readCacheControl(field)).toEqual({ noCache: true, noStore: false });
  });

  it.each(['no-store', 'No-Store', ' no-store ', 'max-age=5,no-store', 'no-store="x"', ';, no-store'])(
    'asks to keep nothing by %j',
    (field) => {
      expect(readCacheControl(field)).toEqual({ noCache: false, noStore: true });
    },
  );

  it.each(['no-cache, no-store', 'no-store,no-cache', 'no-store, max-age=0', 'No-Cache,,No-Store,'])(
    'asks for both by %j',
    (field) => {
      expect(readCacheControl(field)).toEqual({ noCache: true, noStore: true });
    },
  );

  it.each([
    undefined,
    '',
    ' , ',
    'max-age',
    'max-age=',
    'max-age=60',
    'max-age=05',
    'max-age=-0',
    'max-age=0.5',
    'max-age=0x0',
    'max-age="0',
    's-maxage=0',
    'max-stale=0',
    'min-fresh=0',
    'public',
    'no-transform',
    'only-if-cached',
    'x-no-cache',
    'no-cache-please',
    'no cache',
    'no-cache no-store',
    'no_store',
    '"no-cache"',
    'ext="no-cache"',
    'ext="a, no-cache, no-store, b"',
    'ext="a\\", no-store, b"',
    'ext="no end, no-cache',
    'ext=no-cache',
  ])('asks for nothing by %j', (field) => {
    expect(readCacheControl(field)).toEqual({ noCache: false, noStore: false });
  });

  it('may be any text', () => {
    const parts = fc.constantFrom('"', ',', ' ', '=', '\\', 'no-cache', 'no-store', 'max-age', '0', '\u0000');
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: parts }), fc.string()), (field) => {
        const { noCache, noStore } = readCacheControl(field);
        expect([typeof noCache, typeof noStore]).toEqual(['boolean', 'boolean']);
      }),
    );
  });

  // As long as all header fields of a request together may be, and then a hundred times that: were the time
  // quadratic, the test would not come to an end.
  it.each(['"', ',', ' ', '=', '\\', '"\\', '"\\"', 'a', 'a,', '"a",', '= '])(
    'takes little time however often %j is repeated',
    (part) => {
      for (const length of [16_384, 1_638_400]) {
        const field = part.repeat(length / part.length);
        expect(readCacheControl(field)).toEqual({ noCache: false, noStore: false });
      }
    },
  );
});
