import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerStore } from '../../../src/response-cache/store.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import type { OpenStore } from '../store.contract.ts';
import { answerOf } from './answers.ts';

/** What every store of answers promises of answers in the making. */
export function describeFence(open: () => MaybePromise<OpenStore>): void {
  describe('making', () => {
    let store: AnswerStore;
    let clock: FakeClock;
    let close: OpenStore['close'];

    beforeEach(async () => {
      ({ store, clock, close } = await open());
    });

    afterEach(async () => {
      await close?.();
    });

    const dataIn = async (key: string): Promise<unknown> => {
      const answer = await store.get(key);
      return answer === undefined
        ? undefined
        : (JSON.parse(answer.body.toString()) as { data: unknown }).data;
    };

    it('does not keep an answer when one of its tags is dropped before: begin, drop, keep', async () => {
      for (const tag of ['A', 'B']) {
        const making = store.begin();
        await store.drop([tag]);
        expect(making.isOvertaken(['A', 'B'])).toBe(true);
        expect(await making.keep('key', answerOf(clock, 1), ['A', 'B'])).toBe('overtaken');
        expect(await dataIn('key')).toBeUndefined();
      }
    });

    it('drops the answer when one of its tags is dropped after: begin, keep, drop', async () => {
      const making = store.begin();
      expect(await making.keep('key', answerOf(clock, 1), ['A'])).toBe('stored');
      await store.drop(['A']);
      expect(await dataIn('key')).toBeUndefined();
    });

    it('keeps an answer that was begun after the drop: drop, begin, keep', async () => {
      await store.drop(['A']);
      const making = store.begin();
      expect(making.isOvertaken(['A'])).toBe(false);
      expect(await making.keep('key', answerOf(clock, 1), ['A'])).toBe('stored');
      expect(await dataIn('key')).toBe(1);
    });

    it('keeps an answer when other tags are dropped', async () => {
      const making = store.begin();
      await store.drop(['B', 'a', 'A*']);
      await store.drop([]);
      expect(making.isOvertaken(['A'])).toBe(false);
      expect(await making.keep('key', answerOf(clock, 1), ['A'])).toBe('stored');
      expect(await dataIn('key')).toBe(1);
    });

    it('keeps of two makings the one that began after the drop, whichever ends first', async () => {
      for (const isEarlierFirst of [true, false]) {
        const earlier = store.begin();
        await store.drop(['A']);
        const later = store.begin();
        const [first, second] = isEarlierFirst ? [earlier, later] : [later, earlier];
        await first.keep('key', answerOf(clock, first === later), ['A']);
        await second.keep('key', answerOf(clock, second === later), ['A']);
        expect(await dataIn('key')).toBe(true);
      }
    });

    it('remembers a drop for as long as a making runs that began before it', async () => {
      const oldest = store.begin();
      await store.drop(['A']);
      for (let n = 0; n < 10; n += 1) {
        const making = store.begin();
        await store.drop([`B${n}`]);
        expect(await making.keep('key', answerOf(clock, n), ['A'])).toBe('stored');
      }
      expect(await oldest.keep('key', answerOf(clock, 'old'), ['A'])).toBe('overtaken');
      expect(await dataIn('key')).toBe(9);
    });

    it('goes by the last of several drops of a tag', async () => {
      const first = store.begin();
      await store.drop(['A']);
      const second = store.begin();
      await store.drop(['A']);
      const third = store.begin();
      const kept: string[] = [];
      for (const making of [first, second, third])
        kept.push(await making.keep('key', answerOf(clock, 1), ['A']));
      expect(kept).toEqual(['overtaken', 'overtaken', 'stored']);
    });

    it('lets a drop of everything overtake every making, also of an answer without tags', async () => {
      const making = store.begin();
      const another = store.begin();
      await store.drop('everything');
      expect(making.isOvertaken([])).toBe(true);
      expect(await making.keep('key', answerOf(clock, 1), ['A'])).toBe('overtaken');
      expect(await another.keep('key', answerOf(clock, 1), [])).toBe('overtaken');
      expect(await dataIn('key')).toBeUndefined();
      expect(await store.begin().keep('key', answerOf(clock, 2), [])).toBe('stored');
    });

    it('leaves the answer that is there when a newer one is overtaken by what only that one was made from', async () => {
      await store.begin().keep('key', answerOf(clock, 'there'), ['A']);
      const making = store.begin();
      await store.drop(['B']);
      expect(await making.keep('key', answerOf(clock, 'newer'), ['A', 'B'])).toBe('overtaken');
      expect(await dataIn('key')).toBe('there');
    });

    it('keeps once: a making that has ended keeps nothing', async () => {
      const kept = store.begin();
      expect(await kept.keep('key', answerOf(clock, 1), ['A'])).toBe('stored');
      expect(await kept.keep('key', answerOf(clock, 2), ['A'])).toBe('overtaken');
      kept.abandon();
      const abandoned = store.begin();
      abandoned.abandon();
      abandoned.abandon();
      expect(await abandoned.keep('key', answerOf(clock, 3), ['A'])).toBe('overtaken');
      expect(await dataIn('key')).toBe(1);
    });

    it('does not end another making by ending twice', async () => {
      const [first, second] = [store.begin(), store.begin()];
      first.abandon();
      first.abandon();
      await store.drop(['A']);
      expect(await second.keep('key', answerOf(clock, 1), ['A'])).toBe('overtaken');
    });

    it('has equal numbers for makings that began between the same drops, and greater ones after a drop', async () => {
      const [first, second] = [store.begin(), store.begin()];
      expect(second.begun).toBe(first.begun);
      first.abandon();
      expect(store.begin().begun).toBe(first.begun);
      await store.drop(['A']);
      const third = store.begin();
      expect(third.begun).toBeGreaterThan(first.begun);
      await store.drop('everything');
      expect(store.begin().begun).toBeGreaterThan(third.begun);
    });

    it('knows right after the end whether the answer was overtaken', async () => {
      const [kept, overtaken] = [store.begin(), store.begin()];
      await store.drop(['B']);
      await kept.keep('kept', answerOf(clock, 1), ['A']);
      await overtaken.keep('overtaken', answerOf(clock, 1), ['A', 'B']);
      expect(kept.isOvertaken(['A'])).toBe(false);
      expect(overtaken.isOvertaken(['A', 'B'])).toBe(true);
    });

    it('knows of a drop after the end', async () => {
      for (const tags of [['A'], 'everything'] as const) {
        const kept = store.begin();
        await kept.keep('key', answerOf(clock, 1), ['A']);
        const abandoned = store.begin();
        abandoned.abandon();
        await store.drop(tags);
        expect([kept, abandoned].map((making) => making.isOvertaken(['A']))).toEqual([true, true]);
      }
    });
  });
}
