import { parseList, Token } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { cacheFields, type CacheReport, isForOne } from '../../../src/http/response/cache-fields.ts';
import type { Answer } from '../../../src/response-cache/answer.ts';
import type { CacheOutcome } from '../../../src/response-cache/outcome.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const storedAt = new FakeClock().now();
const etag = '"h6GsFRkxiPB9PuPyzAvpUJkAYZQ"';

/** Fresh for 60 seconds, then of use for 30 while a fresh one is made, and for 300 where that fails. */
const answer: Answer = {
  body: Buffer.from('{"data":{}}'),
  etag,
  storedAt,
  freshUntil: storedAt + 60_000,
  staleUntil: storedAt + 90_000,
  errorUntil: storedAt + 360_000,
};
/** Of no use once it is stale. */
const plain: Answer = { ...answer, staleUntil: answer.freshUntil, errorUntil: answer.freshUntil };
const hit: CacheOutcome = { how: 'hit', scope: 'PUBLIC', answer };

/** The fields by their names, so many seconds after the answer was stored. */
function fieldsOf(
  outcome: CacheOutcome | undefined,
  { seconds = 0, isLimited = false }: { readonly seconds?: number; readonly isLimited?: boolean } = {},
): Record<string, string> {
  const report: CacheReport = { outcome, isWhole: true, isLimited, now: storedAt + seconds * 1000 };
  return Object.fromEntries(cacheFields(report));
}

describe('the fields of a response that nobody may keep', () => {
  it('forbid to keep it, and tell nothing else, where the cache had nothing to do with it', () => {
    expect(fieldsOf(undefined)).toEqual({ 'Cache-Control': 'no-store' });
  });

  it('tell what the cache did with it otherwise', () => {
    expect(fieldsOf({ how: 'miss', scope: 'PUBLIC', stored: 'error' })).toEqual({
      'Cache-Control': 'no-store',
      'Cache-Status': 'sluice; fwd=miss',
    });
  });

  it('are the same where limits apply and where only one caller is meant', () => {
    const fields = fieldsOf({ how: 'miss', scope: 'PRIVATE' }, { isLimited: true });
    expect(fields['Cache-Control']).toBe('no-store');
  });
});

describe('the fields of a kept answer', () => {
  it('tell how old it is, for how long it is of use, and its tag', () => {
    expect(fieldsOf(hit, { seconds: 18 })).toEqual({
      'Cache-Control': 'public, max-age=42, stale-while-revalidate=30, stale-if-error=300',
      Age: '18',
      ETag: etag,
      'Cache-Status': 'sluice; hit; ttl=42',
    });
  });

  it.each<[title: string, kept: Answer, seconds: number, expected: string]>([
    ['all of its time at first', plain, 0, 'public, max-age=60'],
    ['what remains, rounded down', plain, 17.001, 'public, max-age=42'],
    ['no second more while less than one remains', plain, 59.001, 'public, max-age=0'],
    ['none at the end', plain, 60, 'public, max-age=0'],
    ['none after the end', plain, 61, 'public, max-age=0'],
    [
      'whole windows until it is stale',
      answer,
      60,
      'public, max-age=0, stale-while-revalidate=30, stale-if-error=300',
    ],
    [
      'what is left of the windows',
      answer,
      65.5,
      'public, max-age=0, stale-while-revalidate=24, stale-if-error=294',
    ],
    ['no window that is over', answer, 89.5, 'public, max-age=0, stale-if-error=270'],
    ['no window at all when both are over', answer, 360, 'public, max-age=0'],
  ])('give others %s', (_title, kept, seconds, expected) => {
    const fields = fieldsOf({ ...hit, answer: kept }, { seconds });
    expect(fields['Cache-Control']).toBe(expected);
  });

  it.each<[scope: CacheOutcome['scope'], limited: string, isLimited: boolean, expected: string]>([
    ['PUBLIC', 'not limited', false, 'public, max-age=60'],
    ['PUBLIC', 'limited', true, 'private, max-age=60'],
    ['PRIVATE', 'not limited', false, 'private, max-age=60'],
    ['PRIVATE', 'limited', true, 'private, max-age=60'],
  ])('say who may keep what is %s and %s', (scope, _limited, isLimited, expected) => {
    expect(fieldsOf({ ...hit, scope, answer: plain }, { isLimited })['Cache-Control']).toBe(expected);
  });

  it.each<[how: CacheOutcome['how'], expected: string | undefined]>([
    ['hit', '70'],
    ['failure', '70'],
    ['miss', undefined],
    ['collapsed', undefined],
    ['request', undefined],
  ])('tell the age of a %s as %s', (how, expected) => {
    expect(fieldsOf({ ...hit, how }, { seconds: 70.9 })['Age']).toBe(expected);
  });

  it('never tell an age below 0, though clocks are turned back', () => {
    expect(fieldsOf(hit, { seconds: -5 })['Age']).toBe('0');
  });
});

describe('Cache-Status', () => {
  const cases: [expected: string, outcome: Partial<CacheOutcome>, seconds: number][] = [
    ['sluice; hit; ttl=60', { how: 'hit' }, 0],
    ['sluice; hit; ttl=42', { how: 'hit' }, 18.9],
    ['sluice; hit; ttl=1', { how: 'hit' }, 59.9],
    ['sluice; hit; ttl=0', { how: 'hit' }, 60],
    ['sluice; hit; ttl=0', { how: 'hit' }, 60.5],
    ['sluice; hit; ttl=-3', { how: 'hit' }, 63],
    ['sluice; fwd=stale; detail="stale-if-error"; ttl=-40', { how: 'failure' }, 100],
    ['sluice; fwd=miss; stored', { how: 'miss', stored: true }, 0],
    ['sluice; fwd=miss', { how: 'miss' }, 0],
    ['sluice; fwd=miss', { how: 'miss', stored: 'error' }, 0],
    ['sluice; fwd=miss; detail="overtaken"', { how: 'miss', stored: 'invalidated' }, 0],
    ['sluice; fwd=miss; detail="too-large"', { how: 'miss', stored: 'too-large' }, 0],
    ['sluice; fwd=miss; detail="unknown-tables"', { how: 'miss', stored: 'unknown-tables' }, 0],
    ['sluice; fwd=miss; detail="not-wanted"', { how: 'miss', stored: 'not-wanted' }, 0],
    ['sluice; fwd=miss; collapsed', { how: 'collapsed' }, 0],
    ['sluice; fwd=miss; collapsed', { how: 'collapsed', stored: true }, 0],
    ['sluice; fwd=request; stored', { how: 'request', stored: true }, 0],
    ['sluice; fwd=request', { how: 'request', stored: 'not-wanted' }, 0],
    ['sluice; fwd=request', { how: 'request' }, 0],
  ];

  it.each(cases)('is "%s" for %o after %d seconds', (expected, outcome, seconds) => {
    expect(fieldsOf({ ...hit, ...outcome }, { seconds })['Cache-Status']).toBe(expected);
  });

  it.each(cases)('can be read as a structured field when it is "%s"', (_text, outcome, seconds) => {
    const [member, ...others] = parseList(
      fieldsOf({ ...hit, ...outcome }, { seconds })['Cache-Status'] ?? '',
    );
    const [name, parameters] = member ?? [];
    expect([name, others]).toEqual([new Token('sluice'), []]);
    // RFC 9211, 2.2: a response was either had from the cache or asked for elsewhere.
    expect(parameters?.has('hit')).not.toBe(parameters?.has('fwd'));
    expect(Number.isInteger(parameters?.get('ttl') ?? 0)).toBe(true);
  });
});

describe('a response that depends on who asks', () => {
  it.each<[title: string, expected: boolean, outcome: CacheOutcome | undefined, isLimited: boolean]>([
    ['is none without the cache', false, undefined, true],
    ['is none with an answer for everybody', false, hit, false],
    ['is one with a limited answer', true, hit, true],
    ['is one with an answer for one caller', true, { ...hit, scope: 'PRIVATE' }, false],
    ['is none that nobody may keep', false, { how: 'miss', scope: 'PRIVATE' }, true],
  ])('%s', (_title, expected, outcome, isLimited) => {
    expect(isForOne({ outcome, isLimited })).toBe(expected);
  });
});
