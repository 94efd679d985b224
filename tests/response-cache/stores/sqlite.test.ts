import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Breaker } from '../../../src/connections/breaker.ts';
import { openSqliteFile, type SqliteFile } from '../../../src/connections/sqlite-file.ts';
import type { Answer } from '../../../src/response-cache/answer.ts';
import { createSqliteAnswers } from '../../../src/response-cache/stores/sqlite/index.ts';
import { createTieredStore } from '../../../src/response-cache/stores/tiered/index.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createLog } from '../../support/log.ts';
import { describeAnswerStore } from '../store.contract.ts';
import { answerOf, answerOfSize } from './answers.ts';
import { PlainList } from './plain-list.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-answers-'));
const closing: (() => void)[] = [];
let files = 0;

afterEach(() => {
  for (const close of closing.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

function newPath(): string {
  files += 1;
  return join(folder, `${files}`, 'answers.db');
}

interface Bounds {
  readonly maxBytes?: number;
  readonly copyBytes?: number;
}

/** What a process has that shares a file with others. */
function openProcess(
  path: string,
  clock = new FakeClock(),
  { maxBytes = 10_000_000, copyBytes = 1e6 }: Bounds = {},
) {
  const { log, lines } = createLog();
  const store = createTieredStore({
    clock,
    maxBytes: copyBytes,
    open: (onInvalidate) => createSqliteAnswers({ path, clock, maxBytes, onInvalidate, log }),
  });
  closing.push(() => {
    store.close();
  });
  /** What may have to wait. */
  const keepSoon = (key: string, tags: readonly string[] = [], data: unknown = key) =>
    store.begin().keep(key, answerOf(clock, data), tags);
  const keep = (...what: Parameters<typeof keepSoon>) => atOnce(keepSoon(...what));
  const keepAnswer = (key: string, answer: Answer, tags: readonly string[] = []) =>
    atOnce(store.begin().keep(key, answer, tags));
  const invalidate = (tags: readonly string[] | 'everything'): void => {
    atOnce(store.invalidate(tags));
  };
  const get = (key: string): string | undefined => atOnce(store.get(key))?.body.toString();
  return { store, clock, lines, keepSoon, keep, keepAnswer, invalidate, get };
}

/** What a call comes to that makes nobody wait. */
function atOnce<Value>(value: MaybePromise<Value>): Value {
  if (isPromise(value)) throw new Error('Somebody has to wait for it.');
  return value;
}

/** Another program that works with the file. */
function openByHand(path: string): SqliteFile {
  const file = openSqliteFile(path, 1000);
  closing.push(() => {
    file.close();
  });
  return file;
}

function openTwo() {
  const path = newPath();
  const a = openProcess(path);
  const b = openProcess(path, a.clock);
  return { path, a, b, clock: a.clock };
}

const dataOf = (data: unknown): string => JSON.stringify({ data });

describeAnswerStore('the SQLite store', () => openProcess(newPath()));

describeAnswerStore('the SQLite store that has no room for copies', () =>
  openProcess(newPath(), new FakeClock(), { copyBytes: 1 }),
);

describeAnswerStore('a SQLite file that two processes share', () => {
  const { a, b, clock } = openTwo();
  return {
    clock,
    store: {
      begin: () => a.store.begin(),
      get: (key) => b.store.get(key),
      invalidate: (tags) => a.store.invalidate(tags),
    },
  };
});

describeAnswerStore('a SQLite file that one process writes to while another invalidates', () => {
  const { a, b, clock } = openTwo();
  return {
    clock,
    store: {
      get: (key) => a.store.get(key),
      invalidate: (tags) => b.store.invalidate(tags),
      begin: () => {
        const pending = a.store.begin();
        return {
          keep: (key, answer, tags) => pending.keep(key, answer, tags),
          abandon: () => {
            pending.abandon();
          },
          // A process learns of what others have invalidated when it is asked for something.
          isInvalidated: (tags) => {
            void a.store.get('');
            return pending.isInvalidated(tags);
          },
          get begun() {
            return pending.begun;
          },
        };
      },
    },
  };
});

describe('the SQLite store', () => {
  it('makes nobody wait', () => {
    const { keep, get, invalidate } = openProcess(newPath());
    expect(keep('key', ['A'])).toBe('stored');
    expect([get('key'), get('other')]).toEqual([dataOf('key'), undefined]);
    invalidate(['A']);
    expect(get('key')).toBeUndefined();
  });

  it('has its answers still after a restart, and none that was invalidated', () => {
    const path = newPath();
    const first = openProcess(path);
    for (const tag of ['A', 'B', 'C']) first.keep(tag, [tag]);
    first.invalidate(['B']);
    first.store.close();
    const { get, clock } = openProcess(path);
    expect(['A', 'B', 'C'].map(get)).toEqual([dataOf('A'), undefined, dataOf('C')]);
    clock.advance(60);
    expect(get('A')).toBeUndefined();
  });

  it('gives the other process what one has kept, for as long as it is of use', () => {
    const { a, b, clock } = openTwo();
    const answer = answerOf(clock, 'x'.repeat(5000), {
      maxAge: 10,
      staleIfError: 30,
      staleWhileRevalidate: 20,
    });
    a.keepAnswer('key', answer, ['A']);
    expect(b.store.get('key')).toEqual(answer);
    clock.advance(39.999);
    expect(b.store.get('key')).toEqual(answer);
    clock.advance(0.001);
    expect(b.store.get('key')).toBeUndefined();
  });

  it('gives no copy of what another process has invalidated', () => {
    for (const invalidated of [['A'], 'everything', ['\ud800']] as const) {
      const { a, b } = openTwo();
      a.keep('key', ['A', '\ud800']);
      expect([a.get('key'), b.get('key')]).toEqual([dataOf('key'), dataOf('key')]);
      a.invalidate(invalidated);
      expect([a.get('key'), b.get('key')]).toEqual([undefined, undefined]);
    }
  });

  it('gives no copy of what another process has invalidated before this one invalidated something else', () => {
    const { a, b } = openTwo();
    a.keep('key', ['A']);
    b.invalidate(['A']);
    a.invalidate(['B']);
    expect(a.get('key')).toBeUndefined();
  });

  it('goes on giving copies of what nobody has invalidated', () => {
    const { path, a, b } = openTwo();
    a.keep('key', ['A']);
    b.get('key');
    a.invalidate(['B']);
    openByHand(path).exec('delete from answers');
    expect(b.get('key')).toBe(dataOf('key'));
  });

  it('does not keep what one process began before another invalidated it', () => {
    for (const invalidated of [['A'], 'everything'] as const) {
      const { a, b, clock } = openTwo();
      const pending = b.store.begin();
      const other = b.store.begin();
      a.invalidate(invalidated);
      expect(pending.keep('key', answerOf(clock, 1), ['A'])).toBe('invalidated');
      expect(other.keep('other', answerOf(clock, 1), ['B'])).toBe(
        invalidated === 'everything' ? 'invalidated' : 'stored',
      );
      expect([a.get('key'), b.get('key')]).toEqual([undefined, undefined]);
    }
  });

  it('keeps what one process began after another invalidated it', () => {
    const { a, b } = openTwo();
    const before = b.store.begin().begun;
    a.invalidate(['A']);
    expect(b.store.begin().begun).toBeGreaterThan(before);
    expect(b.keep('key', ['A'])).toBe('stored');
    expect(a.get('key')).toBe(dataOf('key'));
  });

  it('answers in two processes like a plain list, after any history', () => {
    const tag = fc.constantFrom<string[]>('A', 'B', 'C');
    const key = fc.constantFrom('k', 'l', 'm');
    const step = fc.record({
      by: fc.constantFrom(0, 1),
      action: fc.oneof(
        fc.record({ do: fc.constant('begin' as const) }),
        fc.record({ do: fc.constant('keep' as const), n: fc.nat(3), key, tags: fc.uniqueArray(tag) }),
        fc.record({ do: fc.constant('get' as const), key }),
        fc.record({
          do: fc.constant('invalidate' as const),
          tags: fc.oneof(fc.array(tag), fc.constant('everything' as const)),
        }),
      ),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (history) => {
        const { a, b, clock } = openTwo();
        const running: { pending: ReturnType<typeof a.store.begin>; invalidated: Set<string> }[] = [];
        const list = new PlainList();
        for (const [at, { by, action }] of history.entries()) {
          const { store, get, invalidate } = by === 0 ? a : b;
          if (action.do === 'begin') running.push({ pending: store.begin(), invalidated: new Set() });
          else if (action.do === 'get') list.expectToGive(action.key, get(action.key));
          else if (action.do === 'keep') {
            const [started] = running.splice(action.n % Math.max(1, running.length), 1);
            if (started === undefined) continue;
            const { pending, invalidated } = started;
            const isInvalidated =
              invalidated.has('everything') || action.tags.some((each) => invalidated.has(each));
            const answer = answerOf(clock, at);
            expect(pending.keep(action.key, answer, action.tags)).toBe(
              isInvalidated ? 'invalidated' : 'stored',
            );
            if (isInvalidated) continue;
            list.keep(action.key, answer.body.toString(), action.tags);
          } else {
            const { tags } = action;
            invalidate(tags);
            for (const { invalidated } of running)
              for (const each of tags === 'everything' ? [tags] : tags) invalidated.add(each);
            list.invalidate(tags);
          }
        }
        for (const close of closing.splice(0)) close();
      }),
      { numRuns: 30 },
    );
  });

  it('does not give what somebody has damaged', () => {
    const { path, a, b } = openTwo();
    a.keep('key', [], 'x'.repeat(5000));
    openByHand(path).exec(`update answers set body = x'00ff'`);
    expect(b.get('key')).toBeUndefined();
    expect(b.lines).toEqual([]);
  });
});

describe('the bounds of the SQLite store', () => {
  const counts = (path: string) => {
    const file = openByHand(path);
    const one = (sql: string): unknown => file.prepare(sql).pluck().get();
    return {
      answers: one('select count(*) from answers'),
      invalidations: one('select count(*) from answer_drops'),
      bytes: one('select bytes from answer_state'),
      sum: one('select coalesce(sum(bytes), 0) from answers'),
      counted: one('select drops from answer_state'),
    };
  };

  it('hold after any history', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('keep' as const), n: fc.nat(99), bytes: fc.nat(4000) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('invalidate' as const), n: fc.nat(99) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('advance' as const), n: fc.nat(400) }) },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), (history) => {
        const path = newPath();
        const { clock, keepAnswer, invalidate } = openProcess(path, new FakeClock(), { maxBytes: 40_000 });
        for (const step of history) {
          if (step.do === 'advance') clock.advance(step.n);
          else if (step.do === 'invalidate') invalidate([`User:${step.n}`, `User:${step.n + 1}`]);
          else keepAnswer(`${step.n}`, answerOfSize(clock, step.bytes), [`User:${step.n}`]);
        }
        const { bytes, sum, invalidations, counted } = counts(path);
        expect(bytes).toBeLessThanOrEqual(40_000);
        expect([bytes, invalidations]).toEqual([sum, counted]);
        for (const close of closing.splice(0)) close();
      }),
      { numRuns: 25 },
    );
  });

  it('let go first of what was stored first', () => {
    const bounds = { maxBytes: 32_000, copyBytes: 1 };
    const { clock, keepAnswer, get } = openProcess(newPath(), new FakeClock(), bounds);
    // Short enough that nobody packs it.
    const fill = (key: string) => keepAnswer(key, answerOfSize(clock, 1000), []);
    for (const key of ['a', 'b', 'c']) fill(key);
    fill('a');
    for (let n = 0; n < 23; n += 1) fill(`${n}`);
    expect(['a', 'b', 'c'].map((key) => get(key) !== undefined)).toEqual([true, false, true]);
  });

  it('do not take an answer of more than a sixteenth, nor leave an older one in its place', () => {
    const path = newPath();
    const a = openProcess(path, new FakeClock(), { maxBytes: 16_000 });
    const b = openProcess(path, a.clock, { maxBytes: 16_000 });
    const keep = (bytes: number) => a.keepAnswer('key', answerOfSize(a.clock, bytes), []);
    expect([keep(700), keep(1000)]).toEqual(['stored', 'too-large']);
    expect([a.get('key'), b.get('key')]).toEqual([undefined, undefined]);
  });

  it('remove what is too old with what is written', () => {
    const path = newPath();
    const { clock, keep, invalidate } = openProcess(path);
    for (let n = 0; n < 20; n += 1) {
      keep(`old ${n}`, ['A']);
      invalidate([`B${n}`]);
    }
    clock.advance(301);
    for (let n = 0; n < 10; n += 1) keep(`new ${n}`);
    expect(counts(path)).toMatchObject({ answers: 10, invalidations: 0 });
  });

  it('remember an invalidation for as long as an answer may live that was stored before', () => {
    const { a, b, clock } = openTwo();
    a.keepAnswer('key', answerOf(clock, 1, { maxAge: 4000 }), ['A']);
    a.keepAnswer('other', answerOf(clock, 1, { maxAge: 4000 }), ['B']);
    a.invalidate(['A']);
    for (let n = 0; n < 39; n += 1) {
      clock.advance(100);
      a.keep(`${n}`);
      expect(b.get('key')).toBeUndefined();
    }
    expect(b.get('other')).toBeDefined();
  });

  it('do not keep what was begun before invalidations that are forgotten, and invalidate the copies from before', () => {
    const { a, b, clock } = openTwo();
    a.keepAnswer('key', answerOf(clock, 1, { maxAge: 10_000 }), ['B']);
    b.keepAnswer('short', answerOf(clock, 1, { maxAge: 1 }), ['C']);
    const pending = b.store.begin();
    a.invalidate(['A']);
    clock.advance(10_000);
    for (let n = 0; n < 3; n += 1) a.invalidate([`${n}`]);
    expect(pending.keep('key', answerOf(clock, 1), ['C'])).toBe('invalidated');
    expect(b.keep('key', ['C'])).toBe('stored');
  });

  it('remember so many invalidations and no more, and then count all answers from before as invalidated', () => {
    const path = newPath();
    const { invalidate, keep, get } = openProcess(path);
    keep('key', ['A']);
    const invalidateUsers = (from: number, to: number) => {
      invalidate(Array.from({ length: to - from }, (_, n) => `User:${from + n}`));
    };
    for (let n = 0; n < 100_000; n += 10_000) invalidateUsers(n, n + 10_000);
    expect(get('key')).toBe(dataOf('key'));
    expect(counts(path).invalidations).toBe(100_000);
    invalidateUsers(100_000, 100_001);
    expect(counts(path).invalidations).toBeLessThanOrEqual(100_000);
    const other = openProcess(path);
    expect(other.get('key')).toBeUndefined();
    expect(other.keep('key', ['User:5'])).toBe('stored');
  });

  it('take an invalidation of very many tags for one of everything', () => {
    const path = newPath();
    const { invalidate, keep, get } = openProcess(path);
    keep('key', ['A']);
    invalidate(Array.from({ length: 10_001 }, (_, n) => `User:${n}`));
    expect(openProcess(path).get('key')).toBeUndefined();
    expect(get('key')).toBe(dataOf('key'));
    expect(counts(path).invalidations).toBe(0);
  });
});

describe('a SQLite file that another program has locked', () => {
  function openLocked() {
    const { path, a, b } = openTwo();
    a.keep('key', ['A']);
    b.keep('other', ['B']);
    const file = openByHand(path);
    file.exec('begin exclusive');
    const release = (): void => {
      file.exec('rollback');
    };
    return { path, a, b, release };
  }

  it('keeps nobody waiting for longer than the timeout, gives nothing, and says so once', async () => {
    const { a, release } = openLocked();
    const start = performance.now();
    const invalidating = a.store.invalidate(['A']);
    const keeping = Array.from({ length: 20 }, (_, n) => a.keepSoon(`${n}`));
    for (const kept of keeping) expect(await kept).toBe('unavailable');
    await invalidating;
    expect(performance.now() - start).toBeLessThan(1000);
    expect(['key', '1'].map(a.get)).toEqual([undefined, undefined]);
    expect(a.keep('key')).toBe('unavailable');
    const again = performance.now();
    for (let n = 0; n < 100; n += 1) {
      a.invalidate(['C']);
      a.get('key');
    }
    expect(performance.now() - again).toBeLessThan(500);
    expect(a.lines.map(({ msg }) => msg)).toEqual(['a store does not work: going on without it']);
    release();
  });

  it('has invalidated what was to be invalidated before it gives anything again', async () => {
    for (const invalidated of [
      ['A'],
      'everything',
      Array.from({ length: 10_001 }, (_, n) => `User:${n}`),
    ] as const) {
      const { a, b, release } = openLocked();
      await a.store.invalidate(invalidated);
      release();
      await vi.waitFor(() => {
        expect(a.keep('again')).toBe('stored');
      }, 5000);
      expect([a.get('key'), b.get('key')]).toEqual([undefined, undefined]);
      const isAll = invalidated.length !== 1;
      expect([a.get('other'), b.get('other')]).toEqual(
        isAll ? [undefined, undefined] : [dataOf('other'), dataOf('other')],
      );
      expect(a.lines).toHaveLength(2);
      expect(b.lines).toEqual([]);
      for (const close of closing.splice(0)) close();
    }
  });

  it('works again afterwards also while somebody goes on invalidating', async () => {
    const { a, b, release } = openLocked();
    const opening = vi.spyOn(Breaker.prototype, 'trip');
    await a.store.invalidate(['A']);
    let invalidated = 0;
    const writer = setInterval(() => {
      invalidated += 1;
      void a.store.invalidate([`C${invalidated}`]);
    }, 5);
    onTestFinished(() => {
      clearInterval(writer);
      opening.mockRestore();
    });
    release();
    await vi.waitFor(() => {
      expect(a.lines).toHaveLength(2);
    }, 2000);
    expect(invalidated).toBeGreaterThan(10);
    // Each time that it is opened, closing it begins anew.
    expect(opening).toHaveBeenCalledOnce();
    expect(a.keep('again', ['B'])).toBe('stored');
    expect([b.get('key'), b.get('again')]).toEqual([undefined, dataOf('again')]);
  });

  it('says at the end what could not be invalidated', async () => {
    for (const [invalidations, what] of [
      [
        [
          ['A', 'B'],
          ['B', 'C'],
        ],
        '3 tags',
      ],
      [[['A'], 'everything'], 'everything'],
    ] as const) {
      const { a, release } = openLocked();
      for (const each of invalidations) await a.store.invalidate(each);
      a.store.close();
      expect(a.lines.map(({ level }) => level)).toEqual([50, 40]);
      expect(a.lines.at(-1)?.msg).toBe(
        `answers could not be dropped before the end, and may be given by others: ${what}`,
      );
      release();
    }
  });

  it('is waited for while the lock is short, in the order of writing', async () => {
    const { a, b, release } = openLocked();
    const pending = a.store.begin();
    const invalidating = a.store.invalidate(['A']);
    const keeping = pending.keep('key', answerOf(a.clock, 'old'), ['A']);
    const another = a.keepSoon('fine', ['B']);
    expect([invalidating, keeping, another].map(isPromise)).toEqual([true, true, true]);
    release();
    await invalidating;
    expect([await keeping, await another]).toEqual(['invalidated', 'stored']);
    expect([b.get('key'), b.get('fine')]).toEqual([undefined, dataOf('fine')]);
    expect(a.lines).toEqual([]);
  });

  it('can be closed meanwhile', async () => {
    const { a, release } = openLocked();
    const invalidating = a.store.invalidate(['A']);
    const keeping = a.keepSoon('new');
    a.store.close();
    await invalidating;
    expect(await keeping).toBe('unavailable');
    expect(a.get('key')).toBeUndefined();
    expect(a.keep('key')).toBe('unavailable');
    expect(a.lines.map(({ msg }) => msg)).toEqual([expect.stringMatching(/could not be dropped .*: 1 tag$/)]);
    release();
  });
});

describe('a SQLite file that cannot be used', () => {
  const open = (path: string) => () =>
    createSqliteAnswers({
      path,
      clock: new FakeClock(),
      maxBytes: 1e6,
      log: createLog().log,
      onInvalidate: () => undefined,
    });

  function file(content: string): string {
    const path = newPath();
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  it('is an error at the start that names it', () => {
    const garbage = file('no database at all, but long enough to have a header '.repeat(50));
    expect(open(garbage)).toThrow(
      `Answers cannot be kept in the SQLite file ${garbage}: file is not a database.`,
    );
    const inFile = join(file(''), 'answers.db');
    expect(open(inFile)).toThrow(/^Answers cannot be kept in the SQLite file .*answers\.db: .+/);
    const isFolder = join(newPath(), '..');
    mkdirSync(isFolder, { recursive: true });
    expect(open(isFolder)).toThrow('EISDIR');
    expect(open('')).toThrow('it names no file');
  });

  it('is one that has other tables of the same name', () => {
    const path = newPath();
    const other = openByHand(path);
    other.exec('create table answers (question text)');
    expect(open(path)).toThrow(/no such column/);
    expect(other.prepare('select count(*) from sqlite_schema').pluck().get()).toBe(1);
  });
});
