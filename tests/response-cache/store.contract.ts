import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/response-cache/answer.ts';
import type { AnswerStore } from '../../src/response-cache/store.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { answerOf } from './stores/answers.ts';
import { describeFence } from './stores/fence.contract.ts';

/** An empty store and the clock that it goes by. */
export interface OpenStore {
  readonly store: AnswerStore;
  readonly clock: FakeClock;
  /** Lets go of what the store has open. */
  readonly close?: () => MaybePromise<void>;
}

/** What every store of answers promises. */
export function describeAnswerStore(name: string, open: () => MaybePromise<OpenStore>): void {
  describe(`${name}, as a store of answers`, () => {
    let store: AnswerStore;
    let clock: FakeClock;
    let close: OpenStore['close'];

    beforeEach(async () => {
      ({ store, clock, close } = await open());
    });

    afterEach(async () => {
      await close?.();
    });

    const keep = async (key: string, tags: readonly string[] = [], answer?: Answer) =>
      store.begin().keep(key, answer ?? answerOf(clock, { key }), tags);
    const has = async (key: string): Promise<boolean> => (await store.get(key)) !== undefined;
    const held = async (keys: readonly string[]): Promise<string[]> => {
      const found: string[] = [];
      for (const key of keys) if (await has(key)) found.push(key);
      return found;
    };

    describe('keeping', () => {
      it('gives the answer that was kept, as often as it is asked', async () => {
        const answer = answerOf(clock, { a: 1 }, { staleWhileRevalidate: 5, staleIfError: 9 });
        expect(await keep('key', ['A'], answer)).toBe('stored');
        expect(await store.get('key')).toEqual(answer);
        expect(await store.get('key')).toEqual(answer);
      });

      it('has nothing that was not kept', async () => {
        store.begin().abandon();
        expect(await store.get('key')).toBeUndefined();
      });

      it.each([
        ['short', 'x'],
        ['long', 'x'.repeat(10_000)],
        ['of any script', 'é 漢 🦥 \u0000 "\\'],
      ])('gives the same bytes: a body that is %s', async (_, text) => {
        const answer = answerOf(clock, { text });
        await keep('key', [], answer);
        const given = await store.get('key');
        expect(given?.body.equals(answer.body)).toBe(true);
        expect(given?.etag).toBe(answer.etag);
      });

      it('keeps an answer without tags', async () => {
        expect(await keep('key')).toBe('stored');
        expect(await has('key')).toBe(true);
      });

      it('takes tags from any iterable, each as often as it comes', async () => {
        const tags = new Set(['A', 'B']).values();
        await store.begin().keep('key', answerOf(clock, 1), tags);
        await keep('twice', ['C', 'C']);
        await store.invalidate(new Set(['B', 'C']).values());
        expect(await held(['key', 'twice'])).toEqual([]);
      });

      it('gives the answer kept last', async () => {
        await keep('key', ['A'], answerOf(clock, 'old'));
        const answer = answerOf(clock, 'new');
        expect(await keep('key', ['A'], answer)).toBe('stored');
        expect(await store.get('key')).toEqual(answer);
      });

      it.each([
        ['case', ['key', 'Key', 'KEY']],
        ['blanks', ['', ' ', 'key', 'key ', ' key']],
        ['separators', ['a:b', 'a|b', 'a*', 'a', '*', '{a}', 'a\u0000b']],
        ['names that objects have', ['__proto__', 'constructor', 'toString']],
      ])('keeps keys apart that look alike: %s', async (_, keys) => {
        for (const key of keys) {
          expect(await has(key)).toBe(false);
          await keep(key);
        }
        for (const key of keys)
          expect((await store.get(key))?.body.toString()).toBe(JSON.stringify({ data: { key } }));
      });
    });

    describe('time', () => {
      const windows = [
        ['fresh', { maxAge: 60 }],
        ['stale while a fresh one is made', { maxAge: 20, staleWhileRevalidate: 40, staleIfError: 10 }],
        ['stale where making a fresh one fails', { maxAge: 20, staleWhileRevalidate: 10, staleIfError: 40 }],
      ] as const;

      it.each(windows)(
        'gives an answer until the millisecond when it may no longer be %s',
        async (_, ages) => {
          await keep('key', ['A'], answerOf(clock, 1, ages));
          clock.advance(59.999);
          expect(await has('key')).toBe(true);
          clock.advance(0.001);
          expect(await has('key')).toBe(false);
        },
      );

      it('does not make an answer older or younger by giving it', async () => {
        const answer = answerOf(clock, 1, { maxAge: 10, staleIfError: 50 });
        await keep('key', [], answer);
        clock.advance(30);
        expect(await store.get('key')).toEqual(answer);
      });

      it('goes by the times of the answer kept last', async () => {
        await keep('shorter', [], answerOf(clock, 1, { maxAge: 60 }));
        await keep('shorter', [], answerOf(clock, 2, { maxAge: 10 }));
        await keep('longer', [], answerOf(clock, 1, { maxAge: 10 }));
        await keep('longer', [], answerOf(clock, 2, { maxAge: 60 }));
        clock.advance(30);
        expect(await held(['shorter', 'longer'])).toEqual(['longer']);
      });

      it('has room for a new answer where one has become too old', async () => {
        await keep('key', ['A']);
        clock.advance(60);
        expect(await has('key')).toBe(false);
        expect(await keep('key', ['B'])).toBe('stored');
        await store.invalidate(['A']);
        expect(await has('key')).toBe(true);
      });
    });

    describe('invalidating', () => {
      it('invalidates by each tag the answers that have it, and no others', async () => {
        for (const tag of ['A', 'B', 'C']) {
          await keep('ab', ['A', 'B']);
          await keep('bc', ['B', 'C']);
          await keep('none');
          await store.invalidate([tag]);
          const left = { A: ['bc', 'none'], B: ['none'], C: ['ab', 'none'] }[tag];
          expect(await held(['ab', 'bc', 'none'])).toEqual(left);
        }
      });

      it('invalidates by several tags whatever has any of them', async () => {
        for (const tag of ['A', 'B', 'C']) await keep(tag, [tag]);
        await store.invalidate(['A', 'C', 'A']);
        expect(await held(['A', 'B', 'C'])).toEqual(['B']);
      });

      it('invalidates nothing by a tag that no answer has, or by none', async () => {
        await keep('key', ['A']);
        await store.invalidate(['B']);
        await store.invalidate([]);
        expect(await has('key')).toBe(true);
      });

      it('invalidates everything, also what has no tags', async () => {
        await keep('key', ['A']);
        await keep('none');
        await store.invalidate('everything');
        expect(await held(['key', 'none'])).toEqual([]);
        expect(await keep('key', ['A'])).toBe('stored');
        expect(await has('key')).toBe(true);
      });

      it('invalidates a tag that is called everything like any other', async () => {
        await keep('key', ['everything']);
        await keep('another', ['A']);
        await store.invalidate(['everything']);
        expect(await held(['key', 'another'])).toEqual(['another']);
      });

      it('goes by the tags of the answer kept last', async () => {
        await keep('key', ['A', 'B']);
        await keep('key', ['B', 'C']);
        await store.invalidate(['A']);
        expect(await has('key')).toBe(true);
        await store.invalidate(['C']);
        expect(await has('key')).toBe(false);
      });

      it('can keep again what was invalidated', async () => {
        await keep('key', ['A']);
        await store.invalidate(['A']);
        expect(await keep('key', ['A'])).toBe('stored');
        expect(await has('key')).toBe(true);
      });

      it('tells tags apart that look alike', async () => {
        const tags = [
          'User',
          'User*',
          'User:1',
          'User:11',
          'User:*',
          '#users',
          '#User',
          'Query.users',
          'user',
        ];
        for (const tag of [...tags, '__proto__', 'constructor']) {
          for (const each of tags) await keep(each, [each]);
          await store.invalidate([tag]);
          expect(await held(tags)).toEqual(tags.filter((each) => each !== tag));
        }
      });
    });

    describeFence(open);
  });
}
