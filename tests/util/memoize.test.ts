import { describe, expect, it, vi } from 'vitest';
import { memoize } from '../../src/util/memoize.ts';

describe('what is remembered of a text', () => {
  it('is made once', () => {
    const make = vi.fn((text: string) => ({ text }));
    const known = memoize(make);
    expect(known('a')).toBe(known('a'));
    expect(known('b')).toEqual({ text: 'b' });
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('is forgotten for what came last, so that there is never more of it', () => {
    const make = vi.fn((text: string) => text);
    const known = memoize(make, { most: 2 });
    for (const text of ['a', 'b', 'c', 'b', 'c']) known(text);
    expect(make).toHaveBeenCalledTimes(3);
    known('a');
    expect(make).toHaveBeenCalledTimes(4);
  });

  it('is made each time of a text that is too long', () => {
    const make = vi.fn((text: string) => text);
    const known = memoize(make, { longest: 3 });
    for (const text of ['long', 'long', 'abc', 'abc']) known(text);
    expect(make).toHaveBeenCalledTimes(3);
  });

  it('is made each time where that fails', () => {
    const make = vi.fn(() => {
      throw new Error('no');
    });
    const known = memoize(make);
    for (let count = 0; count < 2; count += 1) expect(() => known('a')).toThrow('no');
    expect(make).toHaveBeenCalledTimes(2);
  });
});
