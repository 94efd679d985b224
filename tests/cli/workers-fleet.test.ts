import { describe, expect, it, vi } from 'vitest';
import { type FakeFleet, startFleet, workerAt } from './workers-fake.ts';

/** How often a worker has been started by then. */
const startsAfter = async ({ workers }: FakeFleet, ms: number): Promise<number> => {
  await vi.advanceTimersByTimeAsync(ms);
  return workers.length;
};

/** A fleet whose workers have listened for so long. */
async function serving(count: number, forMs = 5000): Promise<FakeFleet> {
  const fake = startFleet(count);
  for (const worker of fake.workers) worker.listen();
  await vi.advanceTimersByTimeAsync(forMs);
  return fake;
}

/** The lines of at least the level warn. */
const complaints = ({ lines }: FakeFleet): unknown[] => lines.filter(({ level }) => level >= 40);

describe('a fleet that starts', () => {
  it('is up when all workers listen, which is told once', () => {
    const { workers, up, lines } = startFleet(2);
    workerAt(workers, 0).listen();
    expect(up).toEqual([]);
    workerAt(workers, 1).listen();
    expect(up).toEqual(['http://shop']);
    workerAt(workers, 1).exit(0);
    workerAt(workers, -1).listen();
    expect(up).toHaveLength(1);
    expect(lines[0]).toMatchObject({ worker: 100, url: 'http://shop', msg: 'a worker listens' });
  });

  it.each([
    ['as it tells', 'Port 80 is taken.', 'Port 80 is taken.'],
    ['as it looks', undefined, 'A worker (process 101) ended with code 1 before it listened.'],
  ])('gives up when a single worker fails, with the reason %s', async (_title, failure, reason) => {
    const fake = startFleet(3);
    workerAt(fake.workers, 0).listen();
    workerAt(fake.workers, 1).exit(1, failure);
    workerAt(fake.workers, 2).exit(1);
    expect(fake.broken).toEqual([reason]);
    expect(await startsAfter(fake, 60_000)).toBe(3);
  });

  it('gives up when a process cannot even be made', () => {
    const { workers, broken } = startFleet(2, [new Error('spawn ENOMEM')]);
    expect([workers, broken]).toEqual([[], ['spawn ENOMEM']]);
  });
});

describe('a fleet that serves', () => {
  it.each([
    ['its end', 50, (fake: FakeFleet) => void workerAt(fake.workers, 0).process.kill('SIGKILL')],
    [
      'an operator',
      30,
      (fake: FakeFleet) => {
        workerAt(fake.workers, 0).exit(0);
      },
    ],
  ])('replaces a worker at once that has listened for a while: %s', async (_title, level, end) => {
    const fake = await serving(2);
    end(fake);
    expect(fake.workers).toHaveLength(3);
    const msg = 'a worker ended: another one takes its place';
    expect(fake.lines.at(-1)).toMatchObject({ level, worker: 100, msg });
  });

  it('tries ever later to replace one that fails to start, and tells why, while the others go on', async () => {
    const fake = await serving(2);
    workerAt(fake.workers, 0).exit(1);
    for (const [failures, delayMs] of [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].entries()) {
      fake.latest().exit(1, 'The disk is full.');
      const msg = 'a worker failed to start: another one is tried later';
      const reason = 'The disk is full.';
      expect(fake.lines.at(-1)).toMatchObject({ level: 40, msg, worker: 102 + failures, reason, delayMs });
      expect(await startsAfter(fake, delayMs - 1)).toBe(3 + failures);
      expect(await startsAfter(fake, 1)).toBe(4 + failures);
    }
    expect([fake.broken, workerAt(fake.workers, 1).told]).toEqual([[], []]);
    fake.latest().listen();
    await vi.advanceTimersByTimeAsync(5000);
    fake.latest().exit(1);
    fake.latest().exit(1);
    expect(fake.lines.at(-1)).toMatchObject({ delayMs: 500 });
  });

  it('does not replace a worker in a busy loop that ends soon after it began to listen', async () => {
    const fake = await serving(2, 4999);
    workerAt(fake.workers, 0).exit(3);
    expect(fake.lines.at(-1)).toMatchObject({
      level: 40,
      delayMs: 500,
      reason: 'A worker (process 100) ended with code 3 after it had begun to listen.',
    });
    expect(await startsAfter(fake, 499)).toBe(2);
    expect(await startsAfter(fake, 1)).toBe(3);
  });

  it('tries again when a process cannot even be made', async () => {
    const fake = await serving(2);
    fake.refuse(new Error('spawn ENOMEM'));
    workerAt(fake.workers, 0).exit(1);
    expect(complaints(fake).at(-1)).toMatchObject({ level: 40, reason: 'spawn ENOMEM', delayMs: 500 });
    expect(await startsAfter(fake, 500)).toBe(3);
    fake.latest().process.pid = undefined;
    fake.latest().emit('error', new Error('spawn EAGAIN'));
    expect(complaints(fake).at(-1)).toMatchObject({ level: 40, reason: 'spawn EAGAIN', delayMs: 1000 });
    expect(await startsAfter(fake, 1000)).toBe(4);
  });

  it('gives up when nobody listens any more and five starts in a row have failed', async () => {
    const fake = await serving(2);
    workerAt(fake.workers, 0).exit(1);
    for (let failure = 0; failure < 6; failure++) {
      fake.latest().exit(7);
      await vi.advanceTimersByTimeAsync(30_000);
    }
    workerAt(fake.workers, 1).exit(1);
    expect(fake.broken).toEqual([]);
    fake.latest().exit(7);
    const { pid } = fake.latest().process;
    expect(fake.broken).toEqual([
      'No worker listens any more, and 7 starts in a row have failed. ' +
        `The last one: A worker (process ${String(pid)}) ended with code 7 before it listened.`,
    ]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(fake.latest().process.pid).toBe(pid);
  });
});

describe('a fleet that is told to end', () => {
  /** When all have ended, in milliseconds from the order. */
  const duration = async ({ fleet }: FakeFleet): Promise<number> => {
    const told = performance.now();
    await fleet.end();
    return performance.now() - told;
  };
  const told = ({ workers }: FakeFleet): number => workers.filter((worker) => worker.told.length > 0).length;

  it('drains one worker after the other, and complains of nothing', async () => {
    const fake = await serving(3);
    const ended = duration(fake);
    for (const [index, worker] of fake.workers.entries()) {
      await vi.advanceTimersByTimeAsync(1000);
      expect([told(fake), worker.told]).toEqual([index + 1, ['drain']]);
      worker.exit(0);
    }
    expect(await ended).toBe(3000);
    expect(fake.lines.slice(-3)).toMatchObject(
      [100, 101, 102].map((worker) => ({ worker, msg: 'a worker is told to end' })),
    );
    expect([fake.workers.length, complaints(fake)]).toEqual([3, []]);
  });

  it('drains all that are left after four seconds, and kills them at the deadline that they have in common', async () => {
    const fake = await serving(4);
    const ended = duration(fake);
    await vi.advanceTimersByTimeAsync(1000);
    workerAt(fake.workers, 0).exit(0);
    await vi.advanceTimersByTimeAsync(2999);
    expect(told(fake)).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(told(fake)).toBe(4);
    workerAt(fake.workers, 2).exit(0);
    await vi.advanceTimersByTimeAsync(10_999);
    expect(fake.workers.map((worker) => worker.told)).toEqual(Array(4).fill(['drain']));
    await vi.advanceTimersByTimeAsync(1);
    expect(await ended).toBe(15_000);
    const killed = { level: 50, signal: 'SIGKILL', msg: 'a worker did not end well' };
    expect(complaints(fake)).toMatchObject([
      { worker: 101, ...killed },
      { worker: 103, ...killed },
    ]);
  });

  it('ends workers by a signal that do not listen yet, and starts none that was to be tried again', async () => {
    const fake = await serving(2);
    workerAt(fake.workers, 0).exit(1);
    fake.latest().exit(1);
    workerAt(fake.workers, 1).exit(1);
    const ended = duration(fake);
    expect(await ended).toBe(0);
    expect(fake.latest().told).toEqual(['SIGTERM']);
    // Nothing keeps the process.
    expect(vi.getTimerCount()).toBe(0);
    expect(await startsAfter(fake, 60_000)).toBe(4);
    expect(complaints(fake)).toHaveLength(3);
  });

  it('ends all at once when it is to be killed', async () => {
    const fake = await serving(2);
    const ended = duration(fake);
    fake.fleet.kill();
    expect(await ended).toBe(0);
  });
});
