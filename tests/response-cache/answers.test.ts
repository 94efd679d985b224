import { beforeEach, describe, expect, it } from 'vitest';
import { createAnswers, type Answers } from '../../src/response-cache/index.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('kept answers', () => {
  let clock: FakeClock;
  let answers: Answers;

  beforeEach(() => {
    clock = new FakeClock();
    answers = createAnswers(clock);
  });

  const dataOf = (key: string): unknown => answers.get(key)?.result.data;

  it('are what was kept, for as long as they are fresh', () => {
    answers.set('k', { data: { a: 1 } }, ['A'], 60);
    const freshUntil = clock.now() + 60_000;
    expect(answers.get('k')).toEqual({ result: { data: { a: 1 } }, freshUntil });
    clock.advance(59.999);
    expect(dataOf('k')).toEqual({ a: 1 });
    clock.advance(0.001);
    expect(answers.get('k')).toBeUndefined();
  });

  it('are none under other keys', () => {
    answers.set('k', { data: {} }, [], 60);
    expect(answers.get('K')).toBeUndefined();
  });

  it('can be overwritten', async () => {
    answers.set('k', { data: { a: 1 } }, ['A'], 60);
    answers.set('k', { data: { a: 2 } }, ['A'], 30);
    expect(dataOf('k')).toEqual({ a: 2 });
    clock.advance(30);
    expect(answers.get('k')).toBeUndefined();
    answers.set('k', { data: { a: 3 } }, ['A'], 30);
    await answers.invalidate(['A']);
    expect(answers.get('k')).toBeUndefined();
  });

  it('are dropped by any of their tags, and by no other', async () => {
    answers.set('one', { data: {} }, ['User', 'Query.users'], 60);
    answers.set('two', { data: {} }, ['User'], 60);
    answers.set('three', { data: {} }, ['Product'], 60);
    await answers.invalidate(['Query.users', 'Nobody']);
    expect(['one', 'two', 'three'].map((key) => answers.get(key) !== undefined)).toEqual([false, true, true]);
    await answers.invalidate(['User']);
    expect(['two', 'three'].map((key) => answers.get(key) !== undefined)).toEqual([false, true]);
  });

  it('count the times that some were dropped', async () => {
    const before = answers.generation();
    await answers.invalidate([]);
    await answers.invalidate(['User']);
    expect(answers.generation()).toBe(before + 2);
  });

  it('do not change when those who kept or got them change theirs', () => {
    const data = { list: [{ a: 1 }] };
    answers.set('k', { data }, [], 60);
    data.list.push({ a: 2 });
    const given = answers.get('k')?.result;
    expect(given?.data).toEqual({ list: [{ a: 1 }] });
    if (given?.data != null) given.data['list'] = null;
    expect(dataOf('k')).toEqual({ list: [{ a: 1 }] });
  });

  it('hold the data alone, so that extensions meant for one caller do not reach another', () => {
    answers.set('k', { data: { a: 1 }, extensions: { http: { headers: { 'set-cookie': 'x' } } } }, [], 60);
    expect(answers.get('k')?.result).toEqual({ data: { a: 1 } });
  });

  it('are at most 1,000, of which the one that was not asked for longest goes first', () => {
    for (let n = 0; n < 1000; n += 1) answers.set(String(n), { data: { n } }, ['A'], 60);
    expect(dataOf('0')).toEqual({ n: 0 });
    answers.set('1000', { data: {} }, ['A'], 60);
    expect(dataOf('0')).toEqual({ n: 0 });
    expect(answers.get('1')).toBeUndefined();
  });
});
