import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForeignWrites } from '../../src/app/foreign-writes.ts';
import { createMemoryStore } from '../../src/response-cache/index.ts';
import { answerOf } from '../response-cache/stores/answers.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** @param heardAgo when others were last heard of, in milliseconds */
function open(heardAgo?: () => number) {
  const clock = new FakeClock();
  const store = createMemoryStore({ clock, maxBytes: 1 << 20 });
  const foreign = new ForeignWrites({ store, heardAgo });
  const keep = () => store.begin().keep('key', answerOf(clock, 1), ['A']);
  const isKept = () => store.get('key') !== undefined;
  keep();
  return { foreign, keep, isKept };
}

describe('after another program has written to the database', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('everything is invalidated at once where a process keeps answers for itself', () => {
    const { foreign, isKept } = open();
    foreign.note();
    expect(isKept()).toBe(false);
  });

  it('everything is invalidated in a moment where processes share answers and none has told of a write', () => {
    for (const ago of [Infinity, 1000]) {
      const { foreign, isKept } = open(() => ago);
      foreign.note();
      expect(isKept()).toBe(true);
      vi.advanceTimersByTime(200);
      expect(isKept()).toBe(false);
    }
  });

  it('one that tells of its write in that moment has written it', () => {
    let ago = Infinity;
    const { foreign, isKept } = open(() => ago);
    foreign.note();
    ago = 5;
    vi.advanceTimersByTime(1000);
    expect(isKept()).toBe(true);
  });

  it('what others have told of suffices for a while, and then everything is invalidated, once', () => {
    const { foreign, keep, isKept } = open(() => 100);
    for (let n = 0; n < 9; n += 1) {
      foreign.note();
      vi.advanceTimersByTime(1000);
    }
    expect(isKept()).toBe(true);
    vi.advanceTimersByTime(2000);
    expect(isKept()).toBe(false);
    keep();
    vi.advanceTimersByTime(60_000);
    expect(isKept()).toBe(true);
  });

  it('nothing is invalidated any more once it has ended', () => {
    const { foreign, isKept } = open(() => 100);
    foreign.note();
    vi.advanceTimersByTime(1000);
    foreign.note();
    foreign.end();
    vi.advanceTimersByTime(60_000);
    expect(isKept()).toBe(true);
  });
});
