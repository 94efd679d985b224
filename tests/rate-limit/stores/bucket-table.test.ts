import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BucketTable } from '../../../src/rate-limit/stores/memory/bucket-table.ts';

interface Written {
  readonly key: string;
  /** Fifteenths of the limit in use; 0: the bucket is not in use any more. */
  readonly load: number;
  readonly expiresAt: number;
}

/** A table of which only its keys are looked at. */
function createTest(maxBuckets: number) {
  const table = new BucketTable(maxBuckets);
  const write = (operation: readonly Written[], now = 0): void => {
    const entries = operation.map(({ key, load, expiresAt }) => {
      return { key, slot: table.find(key), state: load > 0 ? [load] : undefined, expiresAt, load: load / 15 };
    });
    table.write(entries, now);
  };
  /** Writes buckets of these loads, one after the other. */
  const fill = (loads: Readonly<Record<string, number>>, now = 0): void => {
    for (const [key, load] of Object.entries(loads)) write([{ key, load, expiresAt: 100 }], now);
  };
  const kept = (...keys: readonly string[]): string => {
    return keys.filter((key) => table.find(key) !== undefined).join('');
  };
  return { table, write, fill, kept };
}

describe('the table of buckets', () => {
  it('forgets the least loaded when it is full, of those the one used longest ago', () => {
    const { fill, kept } = createTest(3);
    fill({ a: 9, b: 1, c: 1 });
    fill({ b: 1 });
    fill({ d: 9 });
    expect(kept('a', 'b', 'c', 'd')).toBe('abd');
    fill({ e: 5 });
    expect(kept('a', 'd', 'e')).toBe('ade');
    fill({ f: 15 });
    expect(kept('a', 'd', 'f')).toBe('adf');
  });

  it('goes by the load that a bucket was last written with', () => {
    const { fill, kept } = createTest(2);
    fill({ a: 15, b: 2 });
    fill({ a: 1 });
    fill({ c: 1 });
    expect(kept('a', 'b', 'c')).toBe('bc');
  });

  it('forgets nothing for a bucket that it has already', () => {
    const { fill, kept } = createTest(2);
    fill({ a: 1, b: 1 });
    fill({ b: 2 });
    fill({ a: 2 });
    expect(kept('a', 'b')).toBe('ab');
  });

  it('forgets expired buckets before any other, however loaded they are', () => {
    const { write, fill, kept } = createTest(4);
    write([{ key: 'a', load: 15, expiresAt: 10 }]);
    fill({ b: 1, c: 1 });
    write([{ key: 'd', load: 15, expiresAt: 10 }]);
    fill({ e: 1, f: 1 }, 10);
    expect(kept('a', 'b', 'c', 'd', 'e', 'f')).toBe('bcef');
  });

  it('forgets expired buckets as new ones come, also while there is room', () => {
    const { write, fill, table } = createTest(1000);
    for (let n = 0; n < 100; n += 1) write([{ key: `old ${n}`, load: 15, expiresAt: 10 }]);
    for (let n = 0; n < 50; n += 1) fill({ [`new ${n}`]: 1 }, 10);
    expect(table.size).toBe(50);
  });

  it('keeps no bucket that has expired already or is not in use', () => {
    const { write, table } = createTest(10);
    write([{ key: 'a', load: 1, expiresAt: 5 }], 5);
    write([{ key: 'b', load: 0, expiresAt: 100 }]);
    write([{ key: 'c', load: 1, expiresAt: 100 }]);
    write([{ key: 'c', load: 0, expiresAt: 100 }]);
    write([{ key: 'd', load: 1, expiresAt: 100 }]);
    write([{ key: 'd', load: 1, expiresAt: 7 }], 7);
    expect(table.size).toBe(0);
  });

  it('forgets no bucket of an operation for another of it while there are others', () => {
    const { write, fill, kept } = createTest(3);
    fill({ a: 1, hot: 15, hotter: 15 });
    write(['a', 'b', 'c'].map((key) => ({ key, load: 1, expiresAt: 100 })));
    expect(kept('a', 'b', 'c', 'hot', 'hotter')).toBe('abc');
  });

  it('has room for a new bucket where another one of the operation is not in use any more', () => {
    const { write, fill, kept } = createTest(2);
    fill({ a: 1, b: 1 });
    const loads = { c: 1, a: 0 };
    write(Object.entries(loads).map(([key, load]) => ({ key, load, expiresAt: 100 })));
    expect(kept('a', 'b', 'c')).toBe('bc');
  });

  it.each([0, 1, 2])('keeps %d buckets of an operation that has more', (maxBuckets) => {
    const { write, table } = createTest(maxBuckets);
    const operation = ['a', 'b', 'c'].map((key) => ({ key, load: 1, expiresAt: 100 }));
    write(operation);
    write(operation);
    expect(table.size).toBe(maxBuckets);
  });

  it('keeps what following the rules one by one keeps, after any history', () => {
    const keys = Array.from({ length: 16 }, (_, n) => String(n));
    const written = fc.record({
      key: fc.constantFrom(...keys),
      load: fc.nat(15),
      lifetime: fc.integer({ min: 1, max: 40 }),
    });
    const operation = fc.uniqueArray(written, { selector: ({ key }) => key, maxLength: 4 });
    const histories = fc.array(fc.record({ wait: fc.nat(10), operation }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), histories, (maxBuckets, history) => {
        const { table, write } = createTest(maxBuckets);
        const expiry = new Map<string, number>();
        let model: readonly Written[] = [];
        let now = 0;
        for (const { wait, operation: all } of history) {
          now += wait;
          const entries = all.map(({ key, load, lifetime }) => ({ key, load, expiresAt: now + lifetime }));
          const known = entries.filter(({ key }) => table.find(key) !== undefined);
          const live = model.filter(({ expiresAt }) => expiresAt > now);
          write(entries, now);
          model = writeNaively(live, entries, known, maxBuckets);
          for (const { key, expiresAt } of entries) expiry.set(key, expiresAt);
          expect(table.size).toBeLessThanOrEqual(maxBuckets);
          for (const { key, load } of model) expect(table.read(table.find(key) ?? NaN)).toEqual([load]);
          const others = keys.filter((key) => !model.some((each) => each.key === key));
          for (const key of others.filter((key) => table.find(key) !== undefined)) {
            expect(expiry.get(key)).toBeLessThanOrEqual(now);
          }
        }
      }),
    );
  });
});

/** The buckets that are kept of those before, in the order of their last use, and of one operation. */
function writeNaively(
  before: readonly Written[],
  operation: readonly Written[],
  known: readonly Written[],
  maxBuckets: number,
): Written[] {
  let others = before.filter(({ key }) => !operation.some((entry) => entry.key === key));
  const kept = new Set(known.filter(({ load }) => load > 0));
  for (const entry of operation) {
    if (known.includes(entry) || entry.load === 0) continue;
    if (others.length + kept.size >= maxBuckets) {
      const least = Math.min(...others.map(({ load }) => load));
      const victim = others.find(({ load }) => load === least);
      if (victim === undefined) continue;
      others = others.filter((other) => other !== victim);
    }
    kept.add(entry);
  }
  return [...others, ...operation.filter((entry) => kept.has(entry))];
}
