import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isPromise } from '@whatwg-node/promise-helpers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeAnswer } from '../../../src/response-cache/answer.ts';
import {
  createMemoryStore,
  type MemoryAnswerStore,
} from '../../../src/response-cache/stores/memory/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { describeAnswerStore } from '../store.contract.ts';
import { answerOf, answerOfSize } from './answers.ts';

function createTest(maxBytes: number) {
  const clock = new FakeClock();
  const store = createMemoryStore({ clock, maxBytes });
  const keep = (key: string, bytes = 1, tags: readonly string[] = [], maxAge = 60) =>
    store.begin().keep(key, answerOfSize(clock, bytes, maxAge), tags);
  return { clock, store, keep };
}

const counts = ({ bytes, entries, links }: MemoryAnswerStore) => ({ bytes, entries, links });
const nothing = { bytes: 0, entries: 0, links: 0 };

describeAnswerStore('the memory store', () => createTest(1_000_000));

describe('the memory store', () => {
  it('makes nobody wait', () => {
    const { store, clock } = createTest(100_000);
    const kept = store.begin().keep('key', answerOf(clock, 1), ['A']);
    const given = store.get('key');
    expect([kept, given].map(isPromise)).toEqual([false, false]);
    store.invalidate(['A']);
    expect(store.get('key')).toBeUndefined();
  });

  it('does not keep an answer that takes more than a sixteenth, nor an older one in its place', () => {
    const { store, keep } = createTest(160_000);
    keep('key', 5000);
    const besideBody = store.bytes - 5000;
    expect(keep('key', 10_000 - besideBody)).toBe('stored');
    expect(store.bytes).toBe(10_000);
    expect(keep('key', 10_001 - besideBody)).toBe('too-large');
    expect(store.get('key')).toBeUndefined();
    expect(counts(store)).toEqual(nothing);
  });

  it('counts tags and key, not the body alone', () => {
    const { store, keep } = createTest(160_000);
    const many = Array.from({ length: 200 }, (_, n) => `User:${n}`);
    expect(keep('key', 1, many)).toBe('too-large');
    expect(keep('k'.repeat(10_000), 1)).toBe('too-large');
    expect(counts(store)).toEqual(nothing);
  });

  it('lets go of the answer that was not asked for longest when it is full', () => {
    const { store, keep } = createTest(160_000);
    keep('a', 8000);
    const room = Math.floor(160_000 / store.bytes);
    const [first = '', second = '', third = '', ...others] = 'abcdefghijklmnopqrstuvwxyz'
      .split('')
      .slice(0, room);
    for (const key of [second, third, ...others]) keep(key, 8000);
    store.get(first);
    keep(second, 8000);
    for (const key of ['Y', 'Z']) keep(key, 8000);
    const gone = [third, others[0]];
    const all = [first, second, third, ...others, 'Y', 'Z'];
    expect(all.filter((key) => store.get(key) === undefined)).toEqual(gone);
  });

  it('takes no memory for an answer that turned out to be too old', () => {
    const { store, keep, clock } = createTest(100_000);
    keep('key', 100, ['A', 'B']);
    expect(store.links).toBe(2);
    clock.advance(60);
    expect(store.get('key')).toBeUndefined();
    expect(counts(store)).toEqual(nothing);
  });

  it('takes no memory for what was invalidated, also after it was full', () => {
    for (const tags of [['B'], 'everything'] as const) {
      const { store, keep } = createTest(100_000);
      for (let n = 0; n < 500; n += 1) keep(String(n), n, [`User:${n}`, `User:${n % 7}`, 'B']);
      store.invalidate(tags);
      expect(counts(store)).toEqual(nothing);
      expect(keep('key')).toBe('stored');
    }
  });

  it('keeps of a larger buffer only what the answer needs', () => {
    const { store, clock } = createTest(100_000);
    const answer = { ...answerOf(clock, 1), body: Buffer.alloc(8192, 'abc').subarray(3, 6) };
    store.begin().keep('key', answer, []);
    const given = store.get('key');
    expect(given).toEqual(answer);
    expect(given?.body.buffer.byteLength).toBe(3);
  });

  it('answers like a plain list of answers within its bounds, after any history', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (history) => {
        const { store, clock, keep } = createTest(40_000);
        // What was kept, last used last.
        let model: Modelled[] = [];
        for (const step of history) {
          if (step.do === 'advance') clock.advance(step.seconds);
          else if (step.do === 'invalidate') {
            store.invalidate(step.tags);
            model = model.filter(({ tags }) => step.tags !== 'everything' && !overlap(tags, step.tags));
          } else if (step.do === 'get') {
            const found = model.find(({ key }) => key === step.key);
            model = model.filter((entry) => entry !== found);
            const isGiven = found !== undefined && clock.now() < found.until;
            if (isGiven) model.push(found);
            expect(store.get(step.key)?.body.length).toBe(isGiven ? found.bytes : undefined);
          } else {
            model = model.filter(({ key }) => key !== step.key);
            const { key, bytes, tags } = step;
            const size = sizeOf(step);
            expect(keep(key, bytes, tags, step.maxAge)).toBe(size > 2500 ? 'too-large' : 'stored');
            if (size > 2500) continue;
            model.push({ key, tags, bytes, size, until: clock.now() + step.maxAge * 1000 });
            while (sum(model.map((entry) => entry.size)) > 40_000) model.shift();
          }
          expect(store.bytes).toBeLessThanOrEqual(40_000);
          expect(counts(store)).toEqual({
            bytes: sum(model.map((entry) => entry.size)),
            entries: model.length,
            links: sum(model.map(({ tags }) => tags.length)),
          });
        }
        clock.advance(1000);
        for (const key of keys) expect(store.get(key)).toBeUndefined();
        expect(counts(store)).toEqual(nothing);
      }),
    );
  });

  it.each([
    ['four tags that all have', () => ['User', 'User*', '#users', 'Query.users']],
    ['four tags of their own', (n: number) => [1, 2, 3, 4].map((part) => `User:${part}${n}`)],
    ['fifty tags that some have', (n: number) => Array.from({ length: 50 }, (_, at) => `User:${n + at}`)],
  ])('counts about as many bytes as answers take: with %s', async (_, tagsOf) => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const used = async (): Promise<number> => {
      // What earlier tests left behind is not all gone at once.
      for (let n = 0; n < 3; n += 1) {
        await new Promise(setImmediate);
        collect();
      }
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const { store, clock } = createTest(1e9);
    const fill = (from: number, to: number) => {
      for (let n = from; n < to; n += 1) {
        const answer = makeAnswer(`${n} `.repeat(50), ages, clock.now());
        store.begin().keep(String(n).padStart(43, 'k'), answer, tagsOf(n));
      }
    };
    fill(0, 100);
    const [usedBefore, before] = [await used(), store.bytes];
    fill(100, 10_000);
    const taken = (await used()) - usedBefore;
    expect((store.bytes - before) / taken).toBeGreaterThan(1 / 1.5);
    expect((store.bytes - before) / taken).toBeLessThan(1.5);
  });
});

const ages = { maxAge: 60, staleWhileRevalidate: 0, staleIfError: 0 };
const keys = Array.from({ length: 60 }, (_, n) => `key ${n}`);
const key = fc.constantFrom(...keys);
const tags = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), { maxLength: 4 });

interface Modelled {
  readonly key: string;
  readonly tags: readonly string[];
  readonly bytes: number;
  readonly size: number;
  readonly until: number;
}

const keeping = fc.record({
  do: fc.constant('keep' as const),
  key,
  bytes: fc.integer({ min: 0, max: 3000 }),
  tags,
  maxAge: fc.integer({ min: 1, max: 100 }),
});
const step = fc.oneof(
  { weight: 8, arbitrary: keeping },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('get' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('advance' as const), seconds: fc.nat(50) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('invalidate' as const),
      tags: fc.array(fc.constantFrom('A', 'B')),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'invalidate', tags: 'everything' } as const) },
);

/** What a store that has room counts for an answer. */
function sizeOf({ key, bytes, tags }: Pick<Modelled, 'key' | 'bytes' | 'tags'>): number {
  const { store, keep } = createTest(1_000_000);
  keep(key, bytes, tags);
  return store.bytes;
}

function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((tag) => others.includes(tag));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
