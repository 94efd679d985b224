import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lease } from '../../../src/response-cache/stores/redis/lease.ts';

interface Ping {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

describe('the lease on copies', () => {
  let now: number;
  let pings: Ping[];
  let lease: Lease;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    now = 1000;
    pings = [];
    lease = new Lease({
      holdsMs: 45,
      now: () => now,
      ping: () => new Promise<void>((resolve, reject) => pings.push({ resolve, reject })),
    });
  });
  afterEach(() => {
    lease.end();
    vi.useRealTimers();
  });

  const pass = (ms: number): void => {
    now += ms;
    vi.advanceTimersByTime(ms);
  };
  const settle = () => new Promise(setImmediate);
  const answer = async (): Promise<void> => {
    for (const { resolve } of pings.splice(0)) resolve();
    await settle();
  };

  it('holds once a ping has been answered, for 45 ms from when that was sent', async () => {
    expect(lease.holds()).toBe(false);
    now += 30;
    await answer();
    expect(lease.holds()).toBe(true);
    now += 15;
    expect(lease.holds()).toBe(true);
    now += 1;
    expect(lease.holds()).toBe(false);
  });

  it('goes on holding while pings are answered', async () => {
    lease.holds();
    await answer();
    for (let n = 0; n < 50; n += 1) {
      pass(20);
      expect(lease.holds()).toBe(true);
      await answer();
    }
  });

  it('does not hold by an answer to what was sent before it was revoked', async () => {
    lease.holds();
    lease.revoke();
    await answer();
    expect(lease.holds()).toBe(false);
    pass(20);
    await answer();
    expect(lease.holds()).toBe(true);
    lease.revoke();
    expect(lease.holds()).toBe(false);
  });

  it('does nothing when nobody has asked for a second, and begins again when somebody does', async () => {
    lease.holds();
    for (let n = 0; n < 60; n += 1) {
      pass(20);
      await answer();
    }
    pass(20);
    expect(pings).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    expect(lease.holds()).toBe(false);
    await answer();
    expect(lease.holds()).toBe(true);
  });

  it('sends no more than four pings that are not answered, and minds none that fails', async () => {
    lease.holds();
    pass(400);
    lease.holds();
    expect(pings).toHaveLength(4);
    for (const { reject } of pings.splice(0)) reject(new Error('lost'));
    await settle();
    expect(lease.holds()).toBe(false);
    pass(20);
    await answer();
    expect(lease.holds()).toBe(true);
  });

  it('does not hold after the end', async () => {
    lease.holds();
    lease.end();
    await answer();
    expect(lease.holds()).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
