import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Restarts, type Sequel } from '../../src/cli/workers/restarts.ts';

const retryAfter = (delayMs: number): Sequel => ({ kind: 'retry', delayMs });

/** Places that have all listened since the time 0. */
function serving(...places: number[]): Restarts {
  const restarts = new Restarts();
  for (const place of places) restarts.listens(place, 0);
  restarts.served();
  return restarts;
}

describe('the place of a worker', () => {
  it('is filled at once when the worker has listened for five seconds', () => {
    expect(serving(0, 1).ended(0, 5000)).toEqual({ kind: 'replace' });
  });

  it('is filled later when the worker has listened for less', () => {
    expect(serving(0, 1).ended(0, 4999)).toEqual(retryAfter(500));
  });

  it('is filled ever later when starts fail, but each 30 seconds, for as long as another worker listens', () => {
    const restarts = serving(0, 1);
    expect(restarts.ended(0, 10_000)).toEqual({ kind: 'replace' });
    const sequels = Array.from({ length: 8 }, (_, index) => restarts.ended(0, 10_001 + index));
    expect(sequels).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].map(retryAfter));
  });

  it('has delays of its own', () => {
    const restarts = serving(0, 1, 2);
    expect([0, 1, 0, 1].map((place) => restarts.ended(place, 1000))).toEqual(
      [500, 500, 1000, 1000].map(retryAfter),
    );
  });

  it('begins anew with its delays once a worker has listened for a while', () => {
    const restarts = serving(0, 1);
    restarts.ended(0, 1000);
    restarts.ended(0, 2000);
    restarts.listens(0, 4000);
    expect(restarts.ended(0, 9000)).toEqual({ kind: 'replace' });
    expect(restarts.ended(0, 9500)).toEqual(retryAfter(500));
  });
});

describe('the server ends', () => {
  it('when a start fails before all workers have listened once', () => {
    const restarts = new Restarts();
    restarts.listens(0, 0);
    expect(restarts.ended(1, 1)).toEqual({ kind: 'give up', failures: 1 });
  });

  it('when nobody listens and five starts in a row have failed, in whichever places', () => {
    const restarts = serving(0, 1);
    expect([0, 1].map((place) => restarts.ended(place, 9000))).toEqual([
      { kind: 'replace' },
      { kind: 'replace' },
    ]);
    expect([0, 1, 0, 1].map((place) => restarts.ended(place, 9500).kind)).toEqual(
      Array(4).fill('retry') as string[],
    );
    expect(restarts.ended(0, 9999)).toEqual({ kind: 'give up', failures: 5 });
  });

  it('not before the last worker that listens has ended, and another one has been tried', () => {
    const restarts = serving(0, 1);
    for (let failure = 0; failure < 20; failure++)
      expect(restarts.ended(0, 9000 + failure).kind).not.toBe('give up');
    expect(restarts.ended(1, 9500)).toEqual({ kind: 'replace' });
    expect(restarts.ended(1, 9600)).toEqual({ kind: 'give up', failures: 20 });
  });

  it('not when a worker has started well between the failures', () => {
    const restarts = serving(0, 1);
    restarts.ended(1, 6000);
    for (let failure = 0; failure < 4; failure++) restarts.ended(1, 7000);
    restarts.listens(1, 8000);
    restarts.ended(0, 13_000);
    restarts.ended(1, 13_000);
    expect(restarts.ended(0, 13_001)).toEqual(retryAfter(500));
  });

  it('when workers begin to listen, but none stays', () => {
    const restarts = serving(0);
    const kinds = Array.from({ length: 5 }, (_, index) => {
      restarts.listens(0, index * 1000);
      return restarts.ended(0, index * 1000 + 500).kind;
    });
    expect(kinds).toEqual(['retry', 'retry', 'retry', 'retry', 'give up']);
  });

  it('never while a worker listens, nor before five failures, whatever happens', () => {
    const event = fc.record({
      place: fc.nat(3),
      listens: fc.boolean(),
      after: fc.constantFrom(0, 1, 400, 5000, 60_000),
    });
    const others = fc.array(event, { maxLength: 60 });
    fc.assert(
      fc.property(others, (events) => {
        const restarts = serving(0, 1, 2, 3);
        const listening = new Set([0, 1, 2, 3]);
        let now = 0;
        let failures = 0;
        for (const { place, listens, after } of events) {
          now += after;
          if (listens) {
            if (listening.has(place)) continue;
            listening.add(place);
            restarts.listens(place, now);
            continue;
          }
          listening.delete(place);
          const sequel = restarts.ended(place, now);
          if (sequel.kind !== 'replace') failures += 1;
          if (sequel.kind === 'retry') {
            expect(sequel.delayMs).toBeGreaterThanOrEqual(500);
            expect(sequel.delayMs).toBeLessThanOrEqual(30_000);
          }
          if (sequel.kind === 'give up') expect([listening.size, failures >= 5]).toEqual([0, true]);
        }
      }),
    );
  });
});
