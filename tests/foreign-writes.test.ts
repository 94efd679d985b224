import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ForeignWrites } from '../src/foreign-writes.ts';
import { createMemoryStore } from '../src/response-cache/index.ts';
import { answerOf } from './response-cache/stores/answers.ts';
import { FakeClock } from './support/fake-clock.ts';

function open(isShared: boolean) {
  const clock = new FakeClock();
  const answers = createMemoryStore({ clock, maxBytes: 1 << 20 });
  const foreign = new ForeignWrites(answers, isShared);
  const keep = () => answers.begin().keep('key', answerOf(clock, 1), ['A']);
  const isKept = () => answers.get('key') !== undefined;
  keep();
  return { answers, foreign, keep, isKept };
}

describe('after another program has written to the database', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('everything is dropped, whatever was dropped before, where a process keeps answers for itself', async () => {
    const { answers, foreign, isKept } = open(false);
    answers.drop(['B']);
    await foreign.note();
    expect(isKept()).toBe(false);
  });

  it('everything is dropped where processes share answers and none has told of a write', async () => {
    const { foreign, keep, isKept } = open(true);
    await foreign.note();
    expect(isKept()).toBe(false);
    keep();
    await foreign.note();
    expect(isKept()).toBe(false);
  });

  it('what others have told of suffices for a while, and then everything is dropped, once', async () => {
    const { answers, foreign, keep, isKept } = open(true);
    for (let n = 0; n < 3; n += 1) {
      answers.drop(['B']);
      await foreign.note();
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(isKept()).toBe(true);
    await vi.advanceTimersByTimeAsync(2000);
    expect(isKept()).toBe(false);
    keep();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(isKept()).toBe(true);
  });

  it('nothing is dropped any more once it has ended', async () => {
    const { answers, foreign, isKept } = open(true);
    answers.drop(['B']);
    await foreign.note();
    foreign.end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(isKept()).toBe(true);
  });
});
