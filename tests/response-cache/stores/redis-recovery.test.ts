import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Breaker } from '../../../src/connections/breaker.ts';
import { Recovery } from '../../../src/response-cache/stores/redis/recovery.ts';
import type { Invalidated } from '../../../src/response-cache/stores/shared-answers.ts';
import { createLog, type LogLine } from '../../support/log.ts';

interface Attempt {
  readonly invalidated: Invalidated;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

describe('making up for invalidations that were missed', () => {
  let attempts: Attempt[];
  let floors: number[];
  let lines: readonly LogLine[];
  let breaker: Breaker;
  let recovery: Recovery;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const told = createLog();
    [attempts, floors, lines] = [[], [], told.lines];
    breaker = new Breaker({ name: 'redis://test', timeoutMs: 100, probe: () => undefined, log: told.log });
    recovery = new Recovery({
      breaker,
      invalidate: (invalidated) =>
        new Promise((resolve, reject) => {
          attempts.push({ invalidated, resolve, reject });
        }),
      onRecovered: (floor) => floors.push(floor),
      name: 'redis://test',
      log: told.log,
    });
  });
  afterEach(() => {
    recovery.end();
    breaker.end();
    vi.useRealTimers();
  });

  const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const succeed = async (sequence: number): Promise<void> => {
    attempts.at(-1)?.resolve(sequence);
    await pass(1);
  };
  const fail = async (message: string): Promise<void> => {
    attempts.at(-1)?.reject(new Error(message));
    await pass(1);
  };
  const tried = (): Invalidated[] => attempts.map(({ invalidated }) => invalidated);
  const openAndClose = async (): Promise<void> => {
    breaker.trip(new Error('A test says so.'));
    await pass(201);
    expect(breaker.isOpen).toBe(false);
  };

  it('goes on until nothing is left, also of what comes meanwhile', async () => {
    expect(recovery.isBehind).toBe(false);
    recovery.add(['A']);
    await pass(1);
    recovery.add(['B']);
    await succeed(1);
    expect([tried(), recovery.isBehind, floors]).toEqual([[['A'], ['B']], true, []]);
    await succeed(2);
    expect([recovery.isBehind, floors]).toEqual([false, [2]]);
    await pass(5000);
    expect(attempts).toHaveLength(2);
  });

  it('tries again every second, with all that has come, and tells of it once', async () => {
    recovery.add(['A']);
    await pass(1);
    await fail('refused');
    recovery.add(['B']);
    await pass(997);
    expect(attempts).toHaveLength(1);
    await pass(2);
    await fail('refused again');
    await pass(1000);
    expect(tried()).toEqual([['A'], ['A', 'B'], ['A', 'B']]);
    expect(recovery.isBehind).toBe(true);
    await succeed(1);
    expect([recovery.isBehind, breaker.isOpen]).toEqual([false, false]);
    expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
      [40, 'answers in Redis cannot be used: refused'],
      [30, 'answers in Redis can be used again'],
    ]);
  });

  it('keeps no breaker open, and is behind when that closes until it has worked', async () => {
    await openAndClose();
    expect([recovery.isBehind, tried()]).toEqual([true, [[]]]);
    await succeed(7);
    expect([recovery.isBehind, floors]).toEqual([false, [7]]);
  });

  it('begins anew after an outage that came in between, without waiting for the next second', async () => {
    for (const end of [() => succeed(1), () => fail('lost')]) {
      recovery.add(['A']);
      await pass(1);
      const before = attempts.length;
      await openAndClose();
      await end();
      expect([recovery.isBehind, attempts.length]).toEqual([true, before + 1]);
      await succeed(2);
      expect(recovery.isBehind).toBe(false);
    }
    expect(floors).toEqual([2, 2]);
  });

  it('says at the end what is left, also of what is under way, and nothing if nothing is', async () => {
    recovery.add(['A']);
    await pass(1);
    recovery.add(['B']);
    recovery.end();
    await fail('The connection is closed.');
    recovery.end();
    expect(lines.map(({ msg }) => msg)).toEqual([
      'answers could not be dropped before the end, and may be given by others: 2 tags',
    ]);
    await pass(5000);
    expect(attempts).toHaveLength(1);
  });
});
