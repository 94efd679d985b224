import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Breaker, type BreakerOptions, StoreUnavailable } from '../../src/connections/breaker.ts';
import { createLog } from '../support/log.ts';

/** A breaker whose probe fails until a test says otherwise. */
function createTest(options: Partial<BreakerOptions> = {}) {
  const { log, lines } = createLog();
  const probe = vi.fn<() => unknown>(() => {
    throw new Error('still down');
  });
  const breaker = new Breaker({ name: 'store', timeoutMs: 50, probe, log, ...options });
  return { breaker, probe, lines };
}

function failing(message = 'down'): () => never {
  return () => {
    throw new Error(message);
  };
}

describe('the breaker', () => {
  const unhandled = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'],
    });
    process.on('unhandledRejection', unhandled);
  });

  afterEach(async () => {
    vi.useRealTimers();
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('gives what the store gives, and makes nobody wait who need not', async () => {
    const { breaker, lines } = createTest();
    expect(breaker.guard(() => 1)).toBe(1);
    await expect(breaker.guard(() => Promise.resolve(2))).resolves.toBe(2);
    expect(breaker.isOpen).toBe(false);
    expect(lines).toEqual([]);
  });

  it.each([
    ['throws', failing()],
    ['rejects', () => Promise.reject(new Error('down'))],
  ])('opens when the store %s once, and passes the error on', async (_, action) => {
    const { breaker } = createTest();
    const asked = async (): Promise<unknown> => await breaker.guard<unknown>(action);
    await expect(asked()).rejects.toThrow('down');
    expect(breaker.isOpen).toBe(true);
  });

  it('lets nobody ask while it is open', () => {
    const { breaker } = createTest();
    breaker.trip(new Error('down'));
    const action = vi.fn(() => 1);
    expect(() => breaker.guard(action)).toThrow(StoreUnavailable);
    expect(action).not.toHaveBeenCalled();
  });

  it('opens when there is no answer in time, and takes no notice of a late one', async () => {
    const { breaker } = createTest();
    const { promise, resolve } = Promise.withResolvers<number>();
    const asked = expect(breaker.guard(() => promise)).rejects.toThrow(StoreUnavailable);
    await vi.advanceTimersByTimeAsync(49);
    expect(breaker.isOpen).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    await asked;
    expect(breaker.isOpen).toBe(true);
    resolve(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(breaker.isOpen).toBe(true);
  });

  it('takes no notice of a late failure either', async () => {
    const { breaker, lines } = createTest();
    const { promise, reject } = Promise.withResolvers<number>();
    const asked = expect(breaker.guard(() => promise)).rejects.toThrow(StoreUnavailable);
    await vi.advanceTimersByTimeAsync(51);
    await asked;
    reject(new Error('late'));
    await vi.advanceTimersByTimeAsync(1);
    expect(lines).toHaveLength(1);
  });

  it('writes one line when it opens, however many fail, and one when it closes', async () => {
    const { breaker, probe, lines } = createTest();
    const asked = [1, 2, 3].map((n) => breaker.guard(() => Promise.reject(new Error(`down ${n}`))));
    await Promise.allSettled(asked);
    breaker.trip(new Error('down again'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(lines).toMatchObject([{ level: 50, store: 'store', reason: 'down 1' }]);
    probe.mockReturnValue(undefined);
    await vi.advanceTimersByTimeAsync(1000);
    expect(lines).toMatchObject([{ level: 50 }, { level: 30, store: 'store' }]);
    expect(lines[1]).toHaveProperty('seconds', expect.closeTo(1.2, 1));
  });

  it('stays open for as long as the probe fails, and opens again after it has closed', async () => {
    const { breaker, probe, lines } = createTest();
    breaker.trip(new Error('down'));
    await vi.advanceTimersByTimeAsync(2000);
    expect(probe.mock.calls.length).toBeGreaterThan(5);
    expect(breaker.isOpen).toBe(true);
    probe.mockReturnValue(undefined);
    await vi.advanceTimersByTimeAsync(200);
    expect(breaker.isOpen).toBe(false);
    const probes = probe.mock.calls.length;
    await vi.advanceTimersByTimeAsync(2000);
    expect(probe).toHaveBeenCalledTimes(probes);
    breaker.trip(new Error('down'));
    expect(breaker.isOpen).toBe(true);
    expect(lines).toHaveLength(3);
  });

  it('gives up a probe that has no answer within a second, and begins another', async () => {
    const { breaker, probe } = createTest();
    probe.mockReturnValueOnce(new Promise(() => undefined));
    breaker.trip(new Error('down'));
    await vi.advanceTimersByTimeAsync(200);
    expect(probe).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1000);
    probe.mockReturnValue(undefined);
    await vi.advanceTimersByTimeAsync(250);
    expect(breaker.isOpen).toBe(false);
  });

  it('closes only when everything that was missed has been caught up on, in order', async () => {
    const { breaker, probe } = createTest();
    const steps: string[] = [];
    probe.mockImplementation(() => steps.push('probe'));
    const first = vi.fn(() => Promise.reject(new Error('not yet')));
    breaker.beforeClosing(first);
    breaker.beforeClosing(() => steps.push('second'));
    breaker.trip(new Error('down'));
    await vi.advanceTimersByTimeAsync(200);
    expect(breaker.isOpen).toBe(true);
    expect(steps).toEqual(['probe']);
    first.mockImplementation(() => {
      steps.push('first');
      expect(breaker.isOpen).toBe(true);
      return Promise.resolve() as Promise<never>;
    });
    await vi.advanceTimersByTimeAsync(200);
    expect(breaker.isOpen).toBe(false);
    expect(steps).toEqual(['probe', 'probe', 'first', 'second']);
  });

  it('stays closed for errors that are no outage, and tells of each once', async () => {
    const { breaker, lines } = createTest({ isOutage: (error) => !String(error).includes('WRONGTYPE') });
    expect(() => breaker.guard(failing('WRONGTYPE'))).toThrow('WRONGTYPE');
    await expect(breaker.guard(() => Promise.reject(new Error('WRONGTYPE')))).rejects.toThrow('WRONGTYPE');
    expect(breaker.isOpen).toBe(false);
    expect(lines).toMatchObject([{ level: 50, store: 'store', reason: 'WRONGTYPE' }]);
    expect(() => breaker.guard(failing('down'))).toThrow('down');
    expect(breaker.isOpen).toBe(true);
  });

  it('probes no more, and writes nothing, once it has ended', async () => {
    const { breaker, probe, lines } = createTest();
    breaker.trip(new Error('down'));
    await vi.advanceTimersByTimeAsync(300);
    breaker.end();
    const probes = probe.mock.calls.length;
    probe.mockReturnValue(undefined);
    await vi.advanceTimersByTimeAsync(2000);
    expect(probe).toHaveBeenCalledTimes(probes);
    expect(lines).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('probes no more when it ends during a probe', async () => {
    const { breaker, probe, lines } = createTest();
    const { promise, reject } = Promise.withResolvers<undefined>();
    probe.mockReturnValue(promise);
    breaker.trip(new Error('down'));
    await vi.advanceTimersByTimeAsync(200);
    breaker.end();
    reject(new Error('closed'));
    await vi.advanceTimersByTimeAsync(2000);
    expect(probe).toHaveBeenCalledTimes(1);
    expect(lines).toHaveLength(1);
  });

  it('does not open once it has ended, when what is closed fails', () => {
    const { breaker, lines } = createTest();
    breaker.end();
    breaker.trip(new Error('closed'));
    expect(breaker.isOpen).toBe(false);
    expect(lines).toEqual([]);
  });
});
