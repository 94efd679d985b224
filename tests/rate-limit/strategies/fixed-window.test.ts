import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedWindow, type FixedWindowState } from '../../../src/rate-limit/strategies/fixed-window.ts';
import { steps } from './steps.ts';
import { describeStrategy } from './strategy.contract.ts';

const rule = { limit: 3, duration: 1000 };

describe('FIXED_WINDOW', () => {
  describeStrategy(fixedWindow);

  it('opens its window with the first use', () => {
    const { state } = fixedWindow.take(undefined, rule, 1, 5000);
    expect(state).toEqual({ start: 5000, used: 1 });
    expect(fixedWindow.expiresAt({ start: 5000, used: 1 }, rule)).toBe(6000);
  });

  it('closes it after the duration, whenever the later uses were', () => {
    const first = fixedWindow.take(undefined, rule, 2, 0);
    const second = fixedWindow.take(first.state, rule, 1, 999);
    expect(fixedWindow.take(second.state, rule, 1, 999)).toMatchObject({ allowed: false, retryAfter: 1 });
    expect(fixedWindow.take(second.state, rule, 3, 1000).state).toEqual({ start: 1000, used: 3 });
  });

  it('gives nothing back to a window that opened after the units were taken', () => {
    const next = { start: 1000, used: 2 };
    expect(fixedWindow.giveBack(next, rule, 1, 999, 1500)).toEqual(next);
    expect(fixedWindow.giveBack(next, rule, 1, 1000, 1500)).toEqual({ start: 1000, used: 1 });
  });

  it('denies a caller whose limit has become smaller than what they used, until the window ends', () => {
    const used = { start: 0, used: 50 };
    expect(fixedWindow.take(used, rule, 1, 400)).toMatchObject({ allowed: false, retryAfter: 600 });
    expect(fixedWindow.level(used, rule, 400)).toEqual({ remaining: 0, resetAt: 1000 });
  });

  it('counts like a list of all uses: at most the limit between two openings of the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 15 }), steps, (...given) => {
        const [limit, duration, history] = given;
        let state: FixedWindowState | undefined;
        let opened = -Infinity;
        let uses: { at: number; cost: number }[] = [];
        let now = 0;
        for (const step of history) {
          now += step.wait;
          if (now >= opened + duration) uses = [];
          if ('giveBack' in step) {
            const [use] = uses.splice(step.giveBack, 1);
            if (use !== undefined && state !== undefined)
              state = fixedWindow.giveBack(state, { limit, duration }, use.cost, use.at, now);
          } else {
            const used = uses.reduce((sum, { cost }) => sum + cost, 0);
            const take = fixedWindow.take(state, { limit, duration }, step.cost, now);
            expect(take.allowed).toBe(used + step.cost <= limit);
            state = take.state;
            if (take.allowed) {
              if (uses.length === 0) opened = now;
              uses.push({ at: now, cost: step.cost });
            }
          }
        }
      }),
    );
  });
});
