import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { isExpected, requestOf, shares, type SoakRequest } from '../../../bench/soak/mix.ts';

const tokens = Array.from({ length: 20 }, (_, index) => `token ${index}`);
const period = 200_000;
const asked = Array.from({ length: 4000 }, (_, n) => requestOf(n, tokens));
const ofKind = (kind: string): SoakRequest[] => asked.filter((request) => request.kind === kind);
const queryOf = ({ body }: SoakRequest): string => (JSON.parse(body) as { query: string }).query;

describe('the requests of the soak', () => {
  it('are of each kind as often as they are to be, and a new user now and then', () => {
    const counts = Object.keys(shares).map((kind) => ofKind(kind).length / (asked.length / 100));
    for (const [index, share] of Object.values(shares).entries()) expect(counts[index]).toBeCloseTo(share, 0);
    expect(ofKind('createUser')).toHaveLength(2);
  });

  it('come from many callers and hold many documents', () => {
    expect(new Set(ofKind('hit').map(({ headers }) => headers['X-Forwarded-For'])).size).toBe(
      ofKind('hit').length,
    );
    expect(new Set(ofKind('document').map(queryOf)).size).toBe(ofKind('document').length);
  });

  it('come from few callers where they are to be denied', () => {
    const flooding = [...ofKind('rejected'), ...ofKind('partlyDenied')];
    const addresses = new Set(flooding.map(({ headers }) => headers['X-Forwarded-For']));
    expect(addresses.size).toBeLessThanOrEqual(100);
    for (const { headers } of ofKind('products')) expect(addresses).not.toContain(headers['X-Forwarded-For']);
  });

  it('come round again, but for new users, so that memory has a level', () => {
    for (const n of [1, 33, 1999, 123_457])
      expect(requestOf(n + period, tokens)).toEqual(requestOf(n, tokens));
    expect(requestOf(period, tokens)).not.toEqual(requestOf(0, tokens));
  });

  it('can be parsed where they are to be', () => {
    for (const request of asked.filter(({ kind }) => kind !== 'unparsable')) parse(queryOf(request));
    for (const request of ofKind('unparsable')) expect(() => parse(queryOf(request))).toThrow(/Syntax Error/);
  });

  it('may be answered as limits have it', () => {
    expect(isExpected('rejected', 429)).toBe(true);
    expect(isExpected('hit', 429)).toBe(false);
    expect(isExpected('document', 500)).toBe(false);
  });
});
