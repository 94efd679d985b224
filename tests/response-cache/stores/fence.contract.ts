import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerStore } from '../../../src/response-cache/store.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import type { OpenStore } from '../store.contract.ts';
import { answerOf } from './answers.ts';

/** What every store of answers promises of pending answers. */
export function describeFence(open: () => MaybePromise<OpenStore>): void {
  describe('a pending answer', () => {
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

    it('does not keep an answer when one of its tags is invalidated before: begin, invalidate, keep', async () => {
      for (const tag of ['A', 'B']) {
        const pending = store.begin();
        await store.invalidate([tag]);
        expect(pending.isInvalidated(['A', 'B'])).toBe(true);
        expect(await pending.keep('key', answerOf(clock, 1), ['A', 'B'])).toBe('invalidated');
        expect(await dataIn('key')).toBeUndefined();
      }
    });

    it('invalidates the answer when one of its tags is invalidated after: begin, keep, invalidate', async () => {
      const pending = store.begin();
      expect(await pending.keep('key', answerOf(clock, 1), ['A'])).toBe('stored');
      await store.invalidate(['A']);
      expect(await dataIn('key')).toBeUndefined();
    });

    it('keeps an answer that was begun after the invalidation: invalidate, begin, keep', async () => {
      await store.invalidate(['A']);
      const pending = store.begin();
      expect(pending.isInvalidated(['A'])).toBe(false);
      expect(await pending.keep('key', answerOf(clock, 1), ['A'])).toBe('stored');
      expect(await dataIn('key')).toBe(1);
    });

    it('keeps an answer when other tags are invalidated', async () => {
      const pending = store.begin();
      await store.invalidate(['B', 'a', 'A*']);
      await store.invalidate([]);
      expect(pending.isInvalidated(['A'])).toBe(false);
      expect(await pending.keep('key', answerOf(clock, 1), ['A'])).toBe('stored');
      expect(await dataIn('key')).toBe(1);
    });

    it('keeps of two pending answers the one that began after the invalidation, whichever ends first', async () => {
      for (const isEarlierFirst of [true, false]) {
        const earlier = store.begin();
        await store.invalidate(['A']);
        const later = store.begin();
        const [first, second] = isEarlierFirst ? [earlier, later] : [later, earlier];
        await first.keep('key', answerOf(clock, first === later), ['A']);
        await second.keep('key', answerOf(clock, second === later), ['A']);
        expect(await dataIn('key')).toBe(true);
      }
    });

    it('remembers an invalidation for as long as an answer is pending that began before it', async () => {
      const oldest = store.begin();
      await store.invalidate(['A']);
      for (let n = 0; n < 10; n += 1) {
        const pending = store.begin();
        await store.invalidate([`B${n}`]);
        expect(await pending.keep('key', answerOf(clock, n), ['A'])).toBe('stored');
      }
      expect(await oldest.keep('key', answerOf(clock, 'old'), ['A'])).toBe('invalidated');
      expect(await dataIn('key')).toBe(9);
    });

    it('goes by the last of several invalidations of a tag', async () => {
      const first = store.begin();
      await store.invalidate(['A']);
      const second = store.begin();
      await store.invalidate(['A']);
      const third = store.begin();
      const kept: string[] = [];
      for (const pending of [first, second, third])
        kept.push(await pending.keep('key', answerOf(clock, 1), ['A']));
      expect(kept).toEqual(['invalidated', 'invalidated', 'stored']);
    });

    it('lets an invalidation of everything invalidate every pending answer, also of an answer without tags', async () => {
      const pending = store.begin();
      const another = store.begin();
      await store.invalidate('everything');
      expect(pending.isInvalidated([])).toBe(true);
      expect(await pending.keep('key', answerOf(clock, 1), ['A'])).toBe('invalidated');
      expect(await another.keep('key', answerOf(clock, 1), [])).toBe('invalidated');
      expect(await dataIn('key')).toBeUndefined();
      expect(await store.begin().keep('key', answerOf(clock, 2), [])).toBe('stored');
    });

    it('leaves the answer that is there when a newer one is invalidated by what only that one was made from', async () => {
      await store.begin().keep('key', answerOf(clock, 'there'), ['A']);
      const pending = store.begin();
      await store.invalidate(['B']);
      expect(await pending.keep('key', answerOf(clock, 'newer'), ['A', 'B'])).toBe('invalidated');
      expect(await dataIn('key')).toBe('there');
    });

    it('keeps once: a pending answer that has ended keeps nothing', async () => {
      const kept = store.begin();
      expect(await kept.keep('key', answerOf(clock, 1), ['A'])).toBe('stored');
      expect(await kept.keep('key', answerOf(clock, 2), ['A'])).toBe('invalidated');
      kept.abandon();
      const abandoned = store.begin();
      abandoned.abandon();
      abandoned.abandon();
      expect(await abandoned.keep('key', answerOf(clock, 3), ['A'])).toBe('invalidated');
      expect(await dataIn('key')).toBe(1);
    });

    it('does not end another pending answer by ending twice', async () => {
      const [first, second] = [store.begin(), store.begin()];
      first.abandon();
      first.abandon();
      await store.invalidate(['A']);
      expect(await second.keep('key', answerOf(clock, 1), ['A'])).toBe('invalidated');
    });

    it('has equal numbers for pending answers that began between the same invalidations, and greater ones after an invalidation', async () => {
      const [first, second] = [store.begin(), store.begin()];
      expect(second.begun).toBe(first.begun);
      first.abandon();
      expect(store.begin().begun).toBe(first.begun);
      await store.invalidate(['A']);
      const third = store.begin();
      expect(third.begun).toBeGreaterThan(first.begun);
      await store.invalidate('everything');
      expect(store.begin().begun).toBeGreaterThan(third.begun);
    });

    it('knows right after the end whether the answer was invalidated', async () => {
      const [kept, invalidated] = [store.begin(), store.begin()];
      await store.invalidate(['B']);
      await kept.keep('kept', answerOf(clock, 1), ['A']);
      await invalidated.keep('invalidated', answerOf(clock, 1), ['A', 'B']);
      expect(kept.isInvalidated(['A'])).toBe(false);
      expect(invalidated.isInvalidated(['A', 'B'])).toBe(true);
    });

    it('knows of an invalidation after the end', async () => {
      for (const tags of [['A'], 'everything'] as const) {
        const kept = store.begin();
        await kept.keep('key', answerOf(clock, 1), ['A']);
        const abandoned = store.begin();
        abandoned.abandon();
        await store.invalidate(tags);
        expect([kept, abandoned].map((pending) => pending.isInvalidated(['A']))).toEqual([true, true]);
      }
    });
  });
}
