import fc from 'fast-check';
import { parseList } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import type { BucketState } from '../../src/rate-limit/bucket-state.ts';
import {
  exposedFields,
  type HeaderStyle,
  limitExtension,
  limitFields,
  type LimitReport,
} from '../../src/rate-limit/limit-fields.ts';
import type { Policy } from '../../src/rate-limit/policy.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { policy } from '../support/policies.ts';

const now = new FakeClock().now();
const styles: readonly HeaderStyle[] = ['standard', 'legacy', 'both', 'none'];

type Values = Partial<Omit<BucketState, 'policy'> & Pick<Policy, 'name' | 'mode'>>;

/** A bucket of `Query.products`: 4 of 5 units left, all back in 53 seconds. */
function bucket({ name = 'Query.products', mode = 'ENFORCE', ...values }: Values = {}): BucketState {
  const full = { limit: 5, window: 60, cost: 1, remaining: 4, resetAt: now + 53_000 };
  return { policy: policy({ name, mode }), ...full, ...values };
}

function fieldsOf(states: readonly BucketState[], options: Partial<LimitReport> = {}) {
  return Object.fromEntries(limitFields({ states, retryAfter: undefined, now, style: 'both', ...options }));
}

/** Lists of Items as clients read them: each name with its parameters. */
function itemsIn(value: string | undefined): [unknown, Record<string, unknown>][] {
  return parseList(value ?? '').map(([name, parameters]) => [name, Object.fromEntries(parameters)]);
}

function namesIn(value: string | undefined): unknown[] {
  return itemsIn(value).map(([name]) => name);
}

describe('the fields of the IETF draft', () => {
  it('tell the quota, its window, what remains and when all is back', () => {
    expect(fieldsOf([bucket()], { style: 'standard' })).toEqual({
      'RateLimit-Policy': '"Query.products";q=5;w=60',
      RateLimit: '"Query.products";r=4;t=53',
    });
  });

  it('tell of several policies in the order given', () => {
    const day = bucket({ name: 'daily', limit: 200, window: 86_400, remaining: 7 });
    expect(fieldsOf([day, bucket()], { style: 'standard' })).toEqual({
      'RateLimit-Policy': '"daily";q=200;w=86400, "Query.products";q=5;w=60',
      RateLimit: '"daily";r=7;t=53, "Query.products";r=4;t=53',
    });
  });

  it("tell the caller's limit in a policy, not that of others", () => {
    const free = bucket();
    const paid = { ...free, limit: 100, window: 3600 };
    const quotaOf = (state: BucketState) => fieldsOf([state])['RateLimit-Policy'];
    expect(quotaOf(free)).toBe('"Query.products";q=5;w=60');
    expect(quotaOf(paid)).toBe('"Query.products";q=100;w=3600');
  });

  it('tell of no wait while no unit is used', () => {
    expect(fieldsOf([bucket({ remaining: 5, resetAt: null })])['RateLimit']).toBe('"Query.products";r=5');
  });

  it.each([
    [53_001, 54],
    [53_000, 53],
    [52_999, 53],
    [1, 1],
    [0, 0],
    [-1, 0],
    [-60_000, 0],
  ])('round %d ms to %d s, so that the wait suffices', (wait, seconds) => {
    const { RateLimit } = fieldsOf([bucket({ resetAt: now + wait })]);
    expect(RateLimit).toBe(`"Query.products";r=4;t=${seconds}`);
  });

  it('round units down, so that all that are told can be had', () => {
    expect(fieldsOf([bucket({ remaining: 3.9 })])['RateLimit']).toBe('"Query.products";r=3;t=53');
  });

  it('stay within the bounds of structured fields', () => {
    const huge = { limit: Number.MAX_SAFE_INTEGER, remaining: Number.MAX_SAFE_INTEGER };
    const fields = fieldsOf([bucket(huge), bucket({ name: 'overdrawn', remaining: -1 })]);
    expect(itemsIn(fields['RateLimit-Policy'])[0]?.[1]).toEqual({ q: 999_999_999_999_999, w: 60 });
    expect(itemsIn(fields['RateLimit'])).toEqual([
      ['Query.products', { r: 999_999_999_999_999, t: 53 }],
      ['overdrawn', { r: 0, t: 53 }],
    ]);
  });

  it('carry every character that a name may have', () => {
    const name = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.#/-';
    const fields = fieldsOf([bucket({ name })]);
    expect(namesIn(fields['RateLimit-Policy'])).toEqual([name]);
    expect(namesIn(fields['RateLimit'])).toEqual([name]);
  });

  it('quote characters that would end a name', () => {
    const name = String.raw`a";r=0, "b\ `;
    const fields = fieldsOf([bucket({ name })]);
    expect(itemsIn(fields['RateLimit'])).toEqual([[name, { r: 4, t: 53 }]]);
  });
});

describe('several buckets of one policy', () => {
  it('are told as one, the one with the smallest share left, where the policy came first', () => {
    const states = [bucket(), bucket({ name: 'other' }), bucket({ remaining: 1 }), bucket({ remaining: 3 })];
    expect(itemsIn(fieldsOf(states)['RateLimit'])).toEqual([
      ['Query.products', { r: 1, t: 53 }],
      ['other', { r: 4, t: 53 }],
    ]);
  });

  it('are told by the share left and not by the units', () => {
    const states = [bucket({ limit: 100, remaining: 9 }), bucket({ limit: 10, remaining: 8 })];
    const fields = fieldsOf(states);
    expect(itemsIn(fields['RateLimit-Policy'])).toEqual([['Query.products', { q: 100, w: 60 }]]);
    expect(itemsIn(fields['RateLimit'])).toEqual([['Query.products', { r: 9, t: 53 }]]);
  });

  it('are told by the latest reset where the same share is left', () => {
    const resets = [null, now + 10_000, now + 30_000, now + 20_000];
    const states = resets.map((resetAt) => bucket({ resetAt }));
    expect(fieldsOf(states)['RateLimit']).toBe('"Query.products";r=4;t=30');
    expect(fieldsOf(states.toReversed())['RateLimit']).toBe('"Query.products";r=4;t=30');
  });

  it('are told by the one that lets nothing through where there is one', () => {
    const closed = bucket({ limit: 0, remaining: 0, resetAt: null });
    expect(fieldsOf([bucket({ remaining: 1 }), closed])).toMatchObject({
      'RateLimit-Policy': '"Query.products";q=0;w=60',
      RateLimit: '"Query.products";r=0',
      'X-RateLimit-Limit': '0',
    });
  });
});

describe('many policies', () => {
  const many = (...units: readonly number[]) =>
    units.map((remaining, n) => bucket({ name: `p${n}`, limit: 100, remaining }));

  it('are all told up to 8', () => {
    const fields = fieldsOf(many(8, 7, 6, 5, 4, 3, 2, 1));
    expect(namesIn(fields['RateLimit'])).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']);
  });

  it('are told by the 8 tightest, in their order, where there are more', () => {
    const fields = fieldsOf(many(50, 1, 40, 2, 3, 30, 4, 5, 60, 6));
    const names = ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p9'];
    expect(namesIn(fields['RateLimit'])).toEqual(names);
    expect(namesIn(fields['RateLimit-Policy'])).toEqual(names);
  });
});

describe('policies that only report', () => {
  const trial = bucket({ name: 'trial', mode: 'REPORT', remaining: 0 });

  it('are left out of all fields', () => {
    expect(fieldsOf([trial, bucket()])).toEqual(fieldsOf([bucket()]));
    expect(fieldsOf([trial])).toEqual({});
  });

  it('are left out where a policy of the same name is enforced', () => {
    const sameName = bucket({ mode: 'REPORT', remaining: 0 });
    expect(fieldsOf([sameName, bucket()])).toEqual(fieldsOf([bucket()]));
  });
});

describe('the fields that came before the draft', () => {
  it('tell of the tightest policy, with the moment of its reset', () => {
    const day = bucket({ name: 'daily', limit: 200, remaining: 7, resetAt: now + 3_600_001 });
    expect(fieldsOf([bucket(), day], { style: 'legacy' })).toEqual({
      'X-RateLimit-Limit': '200',
      'X-RateLimit-Remaining': '7',
      'X-RateLimit-Reset': String(now / 1000 + 3601),
    });
  });

  it('name the next full second where no unit is used or the reset is past', () => {
    for (const resetAt of [null, now - 60_000])
      expect(fieldsOf([bucket({ resetAt })], { now: now + 1 })).toMatchObject({
        'X-RateLimit-Reset': String(now / 1000 + 1),
      });
  });
});

describe('the style', () => {
  const namesOf = (options: Partial<LimitReport>) => Object.keys(fieldsOf([bucket()], options));
  const standard = ['RateLimit-Policy', 'RateLimit'];
  const legacy = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'];

  it('says which fields there are', () => {
    expect(namesOf({ style: 'standard' })).toEqual(standard);
    expect(namesOf({ style: 'legacy' })).toEqual(legacy);
    expect(namesOf({ style: 'both' })).toEqual([...standard, ...legacy]);
    expect(namesOf({ style: 'none' })).toEqual([]);
  });

  it.each(styles)('%s has Retry-After for a denial, and only then', (style) => {
    expect(fieldsOf([bucket()], { style, retryAfter: 17 })).toMatchObject({ 'Retry-After': '17' });
    expect(fieldsOf([], { style, retryAfter: 17 })).toEqual({ 'Retry-After': '17' });
    expect(fieldsOf([bucket()], { style })).not.toHaveProperty('Retry-After');
    expect(fieldsOf([], { style })).toEqual({});
  });

  it('rounds the wait of Retry-After up, so that it suffices', () => {
    expect(fieldsOf([], { retryAfter: 16.001 })).toEqual({ 'Retry-After': '17' });
  });

  it('names no field that scripts in browsers cannot read', () => {
    const names = namesOf({ style: 'both', retryAfter: 1 });
    expect(exposedFields.toSorted()).toEqual(names.toSorted());
  });
});

const year = 366 * 24 * 60 * 60;
const anyState = fc
  .record({
    name: fc.stringMatching(/^[A-Gz9_.#/-]$/),
    mode: fc.constantFrom('ENFORCE', 'REPORT'),
    limit: fc.nat(20),
    window: fc.integer({ min: 1, max: year }),
    used: fc.nat(20),
    resetAt: fc.option(fc.integer({ min: now - 10_000, max: now + year * 1000 })),
  })
  .map(({ used, ...values }) => bucket({ ...values, remaining: Math.max(0, values.limit - used) }));

describe('whatever the buckets', () => {
  const anyStates = fc.array(anyState, { maxLength: 30 });

  it('each item of the draft is one of them, and each enforced policy has one item up to 8', () => {
    fc.assert(
      fc.property(anyStates, (states) => {
        const fields = fieldsOf(states);
        const enforced = states.filter((state) => state.policy.mode === 'ENFORCE');
        const names = namesIn(fields['RateLimit']);
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBe(Math.min(8, new Set(enforced.map((state) => state.policy.name)).size));
        const quotas = itemsIn(fields['RateLimit-Policy']);
        const told = itemsIn(fields['RateLimit']).map((item, n) => [item, quotas[n]]);
        expect(enforced.map(itemsFor)).toEqual(expect.arrayContaining(told));
      }),
    );
  });

  it('none that is left out has a smaller share than those of its policy and of 8 others', () => {
    fc.assert(
      fc.property(anyStates, (states) => {
        const fields = fieldsOf(states);
        const quotas = itemsIn(fields['RateLimit-Policy']);
        const told = new Map(
          itemsIn(fields['RateLimit']).map(([name, { r }], n) => [name, share(r, quotas[n]?.[1]['q'])]),
        );
        const largest = Math.max(...told.values());
        for (const { policy: of, remaining, limit } of states) {
          if (of.mode === 'ENFORCE')
            expect(share(remaining, limit)).toBeGreaterThanOrEqual(told.get(of.name) ?? largest);
        }
      }),
    );
  });

  it('waiting for what any field says brings all units of its bucket back', () => {
    fc.assert(
      fc.property(fc.integer({ min: now - 10_000, max: now + year * 1000 }), fc.nat(999), (resetAt, past) => {
        const fields = fieldsOf([bucket({ resetAt })], { now: now + past });
        const wait = Number(itemsIn(fields['RateLimit'])[0]?.[1]['t']);
        const reset = Number(fields['X-RateLimit-Reset']) * 1000;
        expect(now + past + wait * 1000).toBeGreaterThanOrEqual(resetAt);
        expect(reset).toBeGreaterThanOrEqual(Math.max(resetAt, now + past));
      }),
    );
  });
});

/** What the fields say of one bucket if they tell of it. */
function itemsFor({ policy: { name }, limit, window, remaining, resetAt }: BucketState) {
  const t = Math.max(0, Math.ceil(((resetAt ?? now) - now) / 1000));
  return [
    [name, resetAt === null ? { r: remaining } : { r: remaining, t }],
    [name, { q: limit, w: window }],
  ];
}

function share(remaining: unknown, limit: unknown): number {
  return limit === 0 ? 0 : Number(remaining) / Number(limit);
}

describe('the entries of extensions.rateLimit', () => {
  it('tell of every bucket, also of those that only report', () => {
    const trial = bucket({ name: 'trial', mode: 'REPORT', cost: 2, resetAt: null });
    const entry = { policy: 'Query.products', mode: 'ENFORCE', limit: 5, window: 60, cost: 1, remaining: 4 };
    expect(limitExtension([bucket(), bucket(), trial])).toEqual([
      { ...entry, resetAt: '2026-01-01T00:00:53.000Z' },
      { ...entry, resetAt: '2026-01-01T00:00:53.000Z' },
      { ...entry, policy: 'trial', mode: 'REPORT', cost: 2, resetAt: null },
    ]);
  });

  it('are none where nothing is limited', () => {
    expect(limitExtension([])).toEqual([]);
  });
});
