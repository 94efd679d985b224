import { describe, expect, it } from 'vitest';
import { deniedError } from '../../src/rate-limit/denial.ts';
import { policy } from '../support/policies.ts';

const denial = {
  policy: policy({ name: 'Query.products' }),
  limit: 5,
  window: 60,
  cost: 2,
  remaining: 1,
  resetAt: Date.UTC(2026, 0, 1, 0, 1),
};

describe('the error of a denied selection', () => {
  it('says how long to wait, and by which limit', () => {
    const error = deniedError({ ...denial, retryAfter: 17_000 });
    expect(error.toJSON()).toEqual({
      message: 'Too many requests. Please try again in 17 seconds.',
      extensions: {
        code: 'RATE_LIMITED',
        policy: 'Query.products',
        limit: 5,
        window: 60,
        cost: 2,
        remaining: 1,
        retryAfter: 17,
        resetAt: '2026-01-01T00:01:00.000Z',
      },
    });
  });

  it.each([
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
    [59_999.5, 60],
  ])('rounds %d ms up to %d s, so that the wait suffices', (retryAfter, seconds) => {
    const error = deniedError({ ...denial, retryAfter });
    expect(error.extensions['retryAfter']).toBe(seconds);
    expect(error.message).toContain(seconds === 1 ? ' 1 second.' : ` ${seconds} seconds.`);
  });

  it('says that a selection above the limit will never fit, and of no wait', () => {
    const error = deniedError({
      ...denial,
      cost: 6,
      resetAt: null,
      retryAfter: Infinity,
    });
    expect(error.toJSON()).toEqual({
      message: 'This costs 6, which is above the limit of 5.',
      extensions: {
        code: 'RATE_LIMIT_COST_EXCEEDED',
        policy: 'Query.products',
        limit: 5,
        window: 60,
        cost: 6,
        remaining: 1,
      },
    });
  });

  it('has the words of the application where it has any', () => {
    for (const retryAfter of [1000, Infinity])
      expect(deniedError({ ...denial, retryAfter, message: 'Later.' }).message).toBe('Later.');
  });
});
