import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fence, type Place } from '../../../src/response-cache/stores/fence.ts';

describe('the fence', () => {
  it('remembers nothing while nothing is made', () => {
    const fence = new Fence();
    for (let n = 0; n < 100_000; n += 1) fence.invalidate([`User:${n}`]);
    expect(fence.remembered).toBe(0);
    fence.end(fence.begin());
    for (let n = 0; n < 100; n += 1) fence.invalidate([`User:${n}`]);
    expect(fence.remembered).toBe(0);
  });

  it('forgets what only pending answers that have ended began before', () => {
    const fence = new Fence();
    const first = fence.begin();
    fence.invalidate(['A', 'B']);
    const second = fence.begin();
    fence.invalidate(['B', 'C', 'D']);
    expect(fence.remembered).toBe(4);
    fence.end(first);
    expect(fence.remembered).toBe(3);
    fence.end(second);
    expect(fence.remembered).toBe(0);
  });

  it('remembers a tag once, however often it is invalidated', () => {
    const fence = new Fence();
    fence.begin();
    for (let n = 0; n < 10_000; n += 1) fence.invalidate(['A', 'B']);
    expect(fence.remembered).toBe(2);
  });

  it('gives up a pending answer that began before more tags were invalidated than it remembers, and goes on with others', () => {
    const fence = new Fence();
    const lost = fence.begin();
    fence.invalidate(['A']);
    const running = fence.begin();
    for (let n = 0; n < 99_999; n += 1) fence.invalidate([`User:${n}`]);
    expect(fence.isInvalidated(lost.value.begun, ['B'])).toBe(false);
    fence.invalidate(['C']);
    expect(fence.remembered).toBe(100_000);
    expect(fence.isInvalidated(lost.value.begun, ['B'])).toBe(true);
    expect(fence.isInvalidated(running.value.begun, ['B'])).toBe(false);
    fence.end(running);
    expect(fence.remembered).toBe(0);
    fence.end(lost);
    const next = fence.begin();
    fence.invalidate(['A']);
    expect(['A', 'B'].map((tag) => fence.isInvalidated(next.value.begun, [tag]))).toEqual([true, false]);
  });

  it('is bounded also where one invalidation has more tags than it remembers', () => {
    const fence = new Fence();
    const { begun } = fence.begin().value;
    fence.invalidate(Array.from({ length: 100_001 }, (_, n) => `User:${n}`));
    expect(fence.remembered).toBe(0);
    expect(fence.isInvalidated(begun, ['A'])).toBe(true);
  });

  it(
    'takes no longer for many pending answers that begin and end between invalidations',
    { timeout: 10_000 },
    () => {
      const fence = new Fence();
      const running: Place[] = [];
      for (let n = 0; n < 50_000; n += 1) {
        running.push(fence.begin());
        fence.invalidate([`User:${n}`]);
      }
      for (const place of running) fence.end(place);
      expect(fence.remembered).toBe(0);
    },
  );

  it('knows of every pending answer what was invalidated since, and never says no of others wrongly', () => {
    const tag = fc.constantFrom('A', 'B', 'C', 'D');
    const step = fc.oneof(
      fc.constant({ do: 'begin' } as const),
      fc.record({ do: fc.constant('end' as const), n: fc.nat() }),
      fc.record({ do: fc.constant('invalidate' as const), tags: fc.array(tag, { maxLength: 3 }) }),
      fc.constant({ do: 'everything' } as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const fence = new Fence();
        const running = new Map<Place, Set<string>[]>();
        const all: { begun: number; invalidated: Set<string> }[] = [];
        const begin = () => {
          const place = fence.begin();
          const invalidated = new Set<string>();
          running.set(place, [...(running.get(place) ?? []), invalidated]);
          all.push({ begun: place.value.begun, invalidated });
        };
        const end = (n: number) => {
          const places = [...running.keys()];
          const place = places[n % places.length];
          if (place === undefined) return;
          const rest = running.get(place)?.slice(1) ?? [];
          if (rest.length === 0) running.delete(place);
          else running.set(place, rest);
          fence.end(place);
        };
        for (const step of steps) {
          if (step.do === 'begin') begin();
          else if (step.do === 'end') end(step.n);
          else if (step.do === 'invalidate') fence.invalidate(step.tags);
          else fence.invalidateEverything();
          const tags =
            step.do === 'invalidate' ? step.tags : step.do === 'everything' ? ['A', 'B', 'C', 'D'] : [];
          for (const { invalidated } of all) for (const each of tags) invalidated.add(each);
          const exact = new Set([...running.values()].flat());
          for (const { begun, invalidated } of all) {
            for (const each of ['A', 'B', 'C', 'D']) {
              const isInvalidated = fence.isInvalidated(begun, [each]);
              if (exact.has(invalidated)) expect(isInvalidated).toBe(invalidated.has(each));
              else if (invalidated.has(each)) expect(isInvalidated).toBe(true);
            }
          }
          if (running.size === 0) expect(fence.remembered).toBe(0);
        }
      }),
    );
  });
});
