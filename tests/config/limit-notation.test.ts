import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLimit, limits, readLimits } from '../../src/config/limit-notation.ts';

const day = 86_400;
const highest = 2_147_483_647;
const lengths = { second: 1, minute: 60, hour: 3600, day, month: 30 * day, year: 360 * day };

const anyLimit = fc.record({
  limit: fc.oneof(fc.nat(20), fc.nat(highest)),
  duration: fc.oneof(
    fc.integer({ min: 1, max: 366 * day }),
    fc.integer({ min: 1, max: 366 }).map((days) => days * day),
  ),
});

const space = fc.constantFrom('', ' ', '  ', '\t', '\n');
const separator = fc.tuple(space, fc.constantFrom(',', ';', '|'), space).map((parts) => parts.join(''));

/** The same letters, each in any case. */
function anyCase(word: string): fc.Arbitrary<string> {
  const letters = Array.from(word, (letter) => fc.constantFrom(letter, letter.toUpperCase()));
  return fc.tuple(...letters).map((chosen) => chosen.join(''));
}

const unit = fc
  .constantFrom(...(Object.keys(lengths) as (keyof typeof lengths)[]))
  .chain((name) => fc.record({ seconds: fc.constant(lengths[name]), word: anyCase(`${name}s`) }))
  .chain(({ seconds, word }) =>
    fc.record({ seconds: fc.constant(seconds), word: fc.constantFrom(word, word.slice(0, -1)) }),
  );

/** One limit in any spelling, and what it means. */
const spelled = unit.chain(({ seconds, word }) =>
  fc
    .record({
      limit: anyLimit.map(({ limit }) => limit),
      multiple: fc.option(fc.integer({ min: 1, max: Math.floor((366 * day) / seconds) })),
      per: fc.oneof(fc.constant('/'), anyCase('per')),
      spaces: fc.tuple(space, space, space),
    })
    .map(({ limit, multiple, per, spaces: [a, b, c] }) => ({
      text: `${limit}${a}${per}${b}${multiple ?? ''}${c}${word}`,
      meaning: { limit, duration: seconds * (multiple ?? 1) },
    })),
);

describe('the notation of limits', () => {
  it.each([
    ['10 per minute; 200 per day', [10, 60], [200, day]],
    ['10/minute', [10, 60]],
    ['1per2hours', [1, 7200]],
    ['1 PER 2 HOURS', [1, 7200]],
    ['1 / Second', [1, 1]],
    ['5 per 15 minutes', [5, 900]],
    ['1 per 2 hour', [1, 7200]],
    ['1/months', [1, 2_592_000]],
    ['1/year', [1, 31_104_000]],
    ['1/day,2/hour|3/minute;4/second', [1, day], [2, 3600], [3, 60], [4, 1]],
    ['0 per minute', [0, 60]],
    ['2147483647/second', [highest, 1]],
    ['1 per 366 days', [1, 31_622_400]],
    ['010/01minute', [10, 60]],
    [' 10/minute\n', [10, 60]],
  ])('reads %j', (text, ...meaning) => {
    expect(readLimits(text)).toEqual(meaning.map(([limit, duration]) => ({ limit, duration })));
  });

  it('reads every spelling', () => {
    fc.assert(
      fc.property(fc.array(spelled, { minLength: 1, maxLength: 4 }), separator, (list, between) => {
        const text = list.map(({ text }) => text).join(between);
        expect(readLimits(text)).toEqual(list.map(({ meaning }) => meaning));
      }),
    );
  });

  it.each([
    '',
    ' ',
    'off',
    'minute',
    '10',
    '10 minute',
    '10 per',
    '/minute',
    '-1/minute',
    '+1/minute',
    '1.5/minute',
    '1e3/minute',
    '١/minute',
    '10/-1 minute',
    '10/1.5 hours',
    '10//minute',
    '10/minute:;200/day',
    '10/minute 200/day',
  ])('refuses %j, which is not a limit', (text) => {
    expect(readLimits(text)).toMatch(
      /is not a limit\. Write it like "10 per minute" or "5 per 15 minutes"\.$/,
    );
  });

  it.each(['10/minute;', ';10/minute', '10/minute;;20/hour', '10/minute; ,20/hour', '|'])(
    'refuses %j, where a separator has no limit beside it',
    (text) => {
      expect(readLimits(text)).toBe(
        `${JSON.stringify(text)} has a separator without a limit beside it. ` +
          'Put one of , ; | between two limits and nowhere else.',
      );
    },
  );

  it.each([
    ['10/s', 's'],
    ['1 per week', 'week'],
    ['5 per 2 Fortnights', 'Fortnights'],
    ['1/minutess', 'minutess'],
    ['1/días', 'días'],
    ['1/constructor', 'constructor'],
  ])('says what is unknown in %j', (text, unit) => {
    expect(readLimits(text)).toBe(
      `"${text}" has the unknown unit "${unit}". Use one of second, minute, hour, day, month, year.`,
    );
  });

  it.each(['0 minute', '367 days', '13 months', '2 years', '31622401 second', `${'9'.repeat(400)} hours`])(
    'refuses a window of %s',
    (window) => {
      expect(readLimits(`1/${window}`)).toBe(
        `"1/${window}" has a window of ${window}. A window is 1 second to 366 days.`,
      );
    },
  );

  it.each(['2147483648', '9'.repeat(400)])('refuses to count to %s', (count) => {
    expect(readLimits(`${count}/day`)).toBe(`"${count}/day" counts to ${count}. A limit is 0 to 2147483647.`);
  });

  it('shows the whole of which a part is wrong', () => {
    expect(readLimits('1,000 per day')).toMatch(/^"1" in "1,000 per day" is not a limit\./);
  });

  it('has an answer to any text', () => {
    const pieces = fc.constantFrom(
      '10',
      '0',
      '9'.repeat(99),
      'per',
      '/',
      'minutes',
      'day',
      ';',
      ',',
      ' ',
      '-',
      '.',
    );
    const mess = fc
      .array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 4 })))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(mess, (text) => {
        const found = readLimits(text);
        if (typeof found === 'string') expect(found).toMatch(/\.$/);
        else expect(readLimits(found.map(formatLimit).join(';'))).toEqual(found);
      }),
    );
  });
});

describe('a limit in that notation', () => {
  it.each([
    [10, 60, '10 per 1 minute'],
    [5, 900, '5 per 15 minute'],
    [7, 90, '7 per 90 second'],
    [200, day, '200 per 1 day'],
    [1, 7 * day, '1 per 7 day'],
    [1, 60 * day, '1 per 2 month'],
    [0, 360 * day, '0 per 1 year'],
    [1, 366 * day, '1 per 366 day'],
  ])('for %i in %i seconds is %j', (limit, duration, text) => {
    expect(formatLimit({ limit, duration })).toBe(text);
  });

  it('reads as that limit', () => {
    fc.assert(
      fc.property(fc.array(anyLimit, { minLength: 1 }), (list) => {
        expect(readLimits(list.map(formatLimit).join('; '))).toEqual(list);
      }),
    );
  });
});

describe('a variable that holds limits', () => {
  it('holds none where it is off', () => {
    expect(limits.parse('off')).toEqual([]);
  });

  it('holds those that it names', () => {
    expect(limits.parse('10 per minute')).toEqual([{ limit: 10, duration: 60 }]);
  });

  it.each(['OFF', '', '10/s', 'off; 10/minute'])('is not accepted where it is %j', (text) => {
    expect(limits.parse(text)).toBeUndefined();
  });

  it('is given an example that is accepted', () => {
    expect(limits.parse(limits.accepts.replace(/^off or limits such as /, ''))).toHaveLength(2);
  });
});
