import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLimit } from '../../src/config/limit-notation.ts';
import { limitOverrides, readOverrides } from '../../src/config/limit-overrides.ts';

const perMinute = { limit: 10, duration: 60 };
const perDay = { limit: 200, duration: 86_400 };

const anyLimit = fc.record({ limit: fc.nat(1000), duration: fc.integer({ min: 1, max: 100_000 }) });
const anyName = fc.oneof(fc.string(), fc.constantFrom('Query.products', '__proto__', 'constructor', '1'));
const anyOverrides = fc
  .array(fc.tuple(anyName, fc.option(fc.array(anyLimit, { minLength: 1, maxLength: 3 }))))
  .map((entries) => new Map(entries));

/** The JSON that says so. */
function write(
  overrides: ReadonlyMap<string, readonly { limit: number; duration: number }[] | null>,
): string {
  const members = [...overrides].map(([name, limits]) => {
    const text = limits?.map(formatLimit).join('; ') ?? null;
    return `${JSON.stringify(name)}: ${JSON.stringify(text)}`;
  });
  return `{${members.join(',')}}`;
}

describe('limits by name', () => {
  it('are read from a JSON object, where null is unlimited', () => {
    const text = '{"Query.products":"10 per minute; 200 per day","products":null}';
    expect(readOverrides(text)).toEqual(
      new Map([
        ['Query.products', [perMinute, perDay]],
        ['products', null],
      ]),
    );
  });

  it('may be none', () => {
    expect(readOverrides(' {}\n')).toEqual(new Map());
  });

  it('are those that were named last', () => {
    expect(readOverrides('{"a":null,"a":"10/minute"}')).toEqual(new Map([['a', [perMinute]]]));
  });

  it('are read whatever their names', () => {
    fc.assert(
      fc.property(anyOverrides, (overrides) => {
        expect(readOverrides(write(overrides))).toEqual(overrides);
      }),
    );
  });

  it.each(['', '10 per minute', '{"a":"10/minute"', "{'a':null}", '{"a":null,}'])(
    'are refused in %j, which is not JSON',
    (text) => {
      expect(readOverrides(text)).toMatch(
        /^It is not JSON: .+\. It must be a JSON object from names to limits/,
      );
    },
  );

  it.each([
    ['null', 'null'],
    ['["10/minute"]', 'an array'],
    ['"10/minute"', '"10/minute"'],
    ['10', '10'],
  ])('are refused in %s, which is no object', (text, found) => {
    expect(readOverrides(text)).toBe(
      `It is ${found}. It must be a JSON object from names to limits or null (unlimited), ` +
        'such as {"Query.products":"10 per minute; 200 per day","products":null}.',
    );
  });

  it.each([
    ['10', '10'],
    ['1e400', 'Infinity'],
    ['true', 'true'],
    ['["10/minute"]', 'an array'],
    ['{"limit":10}', 'an object'],
  ])('cannot be %s', (value, found) => {
    expect(readOverrides(`{"products":${value}}`)).toBe(
      `"products": ${found} is not a limit. Write a text such as "10 per minute; 200 per day".\n` +
        'For no limit write null.',
    );
  });

  it('are refused with a line for each that is wrong', () => {
    expect(readOverrides('{"a":"10/s","b":"10/minute","c d":"off","e":false}')).toBe(
      [
        '"a": "10/s" has the unknown unit "s". Use one of second, minute, hour, day, month, year.',
        '"c d": "off" is not a limit. Write it like "10 per minute" or "5 per 15 minutes".',
        '"e": false is not a limit. Write a text such as "10 per minute; 200 per day".',
        'For no limit write null.',
      ].join('\n'),
    );
  });

  it('have an answer to any JSON, however deep', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(readOverrides(deep)).toMatch(/^It is an array\./);
    expect(readOverrides(`{"a":${deep}}`)).toMatch(/^"a": an array is not a limit\./);
  });

  it('have an answer to any text', () => {
    const cut = fc.record({ at: fc.nat(80), length: fc.nat(5), by: fc.string({ maxLength: 3 }) });
    fc.assert(
      fc.property(anyOverrides, cut, (overrides, { at, length, by }) => {
        const text = write(overrides);
        const found = readOverrides(text.slice(0, at) + by + text.slice(at + length));
        if (typeof found === 'string') expect(found).toMatch(/\.$/);
        else expect(readOverrides(write(found))).toEqual(found);
      }),
    );
  });
});

describe('a variable that holds limits by name', () => {
  it('is given an example that is accepted', () => {
    const example = limitOverrides.accepts.replace(/^.* such as /, '');
    expect(limitOverrides.parse(example)).toEqual(
      new Map([
        ['Query.products', [perMinute, perDay]],
        ['products', null],
      ]),
    );
  });

  it.each(['', '[]', '{"products":"off"}'])('is not accepted where it is %j', (text) => {
    expect(limitOverrides.parse(text)).toBeUndefined();
  });
});
