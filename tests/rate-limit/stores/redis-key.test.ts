import keySlot from 'cluster-key-slot';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redisKey } from '../../../src/rate-limit/stores/redis/redis-key.ts';

describe('the key that Redis has a bucket by', () => {
  it('has the caller in the hash tag', () => {
    expect(redisKey('sluice', 'Query.products|F60|ip:192.0.2.1')).toBe(
      'sluice:{ip:192.0.2.1}:Query.products|F60',
    );
    expect(redisKey('sluice', 'login|L900|ip:2001:db8::/64|DIGEST')).toBe(
      'sluice:{ip:2001:db8::/64}:login|L900|DIGEST',
    );
  });

  it('is a hash tag as a whole where it names no caller', () => {
    expect(['burst', 'a|b', 'a|F60|'].map((key) => redisKey('p', key))).toEqual([
      'p:{burst}',
      'p:{a|b}',
      'p:{a|F60|}',
    ]);
  });

  const odd = fc.string({
    unit: fc.constantFrom('{', '}', '|', '%', ':', '7', 'b', '\uD800', '\uDFFF', 'é'),
  });

  it('is in one hash slot for all buckets of a caller, whatever the caller is called', () => {
    fc.assert(
      fc.property(odd, (id) => {
        const keys = ['a|F60', 'b|T5', 'a|W60'].map((policy) => redisKey('p', `${policy}|user:${id}`));
        keys.push(redisKey('p', `c|F60|user:${id}|DIGEST`));
        expect(new Set(keys.map((key) => keySlot(key))).size).toBe(1);
      }),
    );
  });

  it('differs for buckets that differ, as bytes', () => {
    fc.assert(
      fc.property(odd, odd, (one, other) => {
        const [a, b] = [one, other].map((key) => Buffer.from(redisKey('p', key)));
        expect(a?.equals(b ?? Buffer.alloc(0))).toBe(one === other);
      }),
      { numRuns: 1000 },
    );
  });
});
