import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fence, type Place } from '../../../src/response-cache/stores/fence.ts';

describe('the fence', () => {
  it('remembers nothing while nothing is made', () => {
    const fence = new Fence();
    for (let n = 0; n < 100_000; n += 1) fence.drop([`User:${n}`]);
    expect(fence.remembered).toBe(0);
    fence.end(fence.begin());
    for (let n = 0; n < 100; n += 1) fence.drop([`User:${n}`]);
    expect(fence.remembered).toBe(0);
  });

  it('forgets what only makings that have ended began before', () => {
    const fence = new Fence();
    const first = fence.begin();
    fence.drop(['A', 'B']);
    const second = fence.begin();
    fence.drop(['B', 'C', 'D']);
    expect(fence.remembered).toBe(4);
    fence.end(first);
    expect(fence.remembered).toBe(3);
    fence.end(second);
    expect(fence.remembered).toBe(0);
  });

  it('remembers a tag once, however often it is dropped', () => {
    const fence = new Fence();
    fence.begin();
    for (let n = 0; n < 10_000; n += 1) fence.drop(['A', 'B']);
    expect(fence.remembered).toBe(2);
  });

  it('gives up a making that began before more tags were dropped than it remembers, and goes on with others', () => {
    const fence = new Fence();
    const lost = fence.begin();
    fence.drop(['A']);
    const running = fence.begin();
    for (let n = 0; n < 99_999; n += 1) fence.drop([`User:${n}`]);
    expect(fence.isOvertaken(lost.value.begun, ['B'])).toBe(false);
    fence.drop(['C']);
    expect(fence.remembered).toBe(100_000);
    expect(fence.isOvertaken(lost.value.begun, ['B'])).toBe(true);
    expect(fence.isOvertaken(running.value.begun, ['B'])).toBe(false);
    fence.end(running);
    expect(fence.remembered).toBe(0);
    fence.end(lost);
    const next = fence.begin();
    fence.drop(['A']);
    expect(['A', 'B'].map((tag) => fence.isOvertaken(next.value.begun, [tag]))).toEqual([true, false]);
  });

  it('is bounded also where one drop has more tags than it remembers', () => {
    const fence = new Fence();
    const { begun } = fence.begin().value;
    fence.drop(Array.from({ length: 100_001 }, (_, n) => `User:${n}`));
    expect(fence.remembered).toBe(0);
    expect(fence.isOvertaken(begun, ['A'])).toBe(true);
  });

  it('takes no longer for many makings that begin and end between drops', { timeout: 10_000 }, () => {
    const fence = new Fence();
    const running: Place[] = [];
    for (let n = 0; n < 50_000; n += 1) {
      running.push(fence.begin());
      fence.drop([`User:${n}`]);
    }
    for (const place of running) fence.end(place);
    expect(fence.remembered).toBe(0);
  });

  it('knows of every running making what was dropped since, and never says no of others wrongly', () => {
    const tag = fc.constantFrom('A', 'B', 'C', 'D');
    const step = fc.oneof(
      fc.constant({ do: 'begin' } as const),
      fc.record({ do: fc.constant('end' as const), n: fc.nat() }),
      fc.record({ do: fc.constant('drop' as const), tags: fc.array(tag, { maxLength: 3 }) }),
      fc.constant({ do: 'everything' } as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const fence = new Fence();
        const running = new Map<Place, Set<string>[]>();
        const all: { begun: number; dropped: Set<string> }[] = [];
        const begin = () => {
          const place = fence.begin();
          const dropped = new Set<string>();
          running.set(place, [...(running.get(place) ?? []), dropped]);
          all.push({ begun: place.value.begun, dropped });
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
          else if (step.do === 'drop') fence.drop(step.tags);
          else fence.dropEverything();
          const tags = step.do === 'drop' ? step.tags : step.do === 'everything' ? ['A', 'B', 'C', 'D'] : [];
          for (const { dropped } of all) for (const each of tags) dropped.add(each);
          const exact = new Set([...running.values()].flat());
          for (const { begun, dropped } of all) {
            for (const each of ['A', 'B', 'C', 'D']) {
              const isOvertaken = fence.isOvertaken(begun, [each]);
              if (exact.has(dropped)) expect(isOvertaken).toBe(dropped.has(each));
              else if (dropped.has(each)) expect(isOvertaken).toBe(true);
            }
          }
          if (running.size === 0) expect(fence.remembered).toBe(0);
        }
      }),
    );
  });
});
