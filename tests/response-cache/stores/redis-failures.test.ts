import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../support/fake-clock.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { describeWith } from '../../support/describe-with.ts';
import { answerOf } from './answers.ts';
import { makePrefix, openProcess, until, type Process } from './redis-processes.ts';

const timeoutMs = 100;
/** What a busy machine may add. */
const slackMs = 150;

describeWith('redis-server', 'answers in a Redis that fails', () => {
  let server: TestServer;
  let prefix: string;
  let clock: FakeClock;
  let a: Process;
  let b: Process;

  beforeEach(async () => {
    server = await startRedis();
    prefix = makePrefix();
    clock = new FakeClock();
    a = await openProcess({ port: server.port, prefix, clock, timeoutMs });
    b = await openProcess({ port: server.port, prefix, clock, timeoutMs });
    await Promise.all([a.current(), b.current()]);
  });
  afterEach(async () => {
    a.close();
    b.close();
    await server.stop();
  });

  const keep = (process: Process, key: string, tags: readonly string[]) =>
    process.store.begin().keep(key, answerOf(clock, key), tags);
  const isOpen = ({ redis }: Process): boolean => redis.breaker.isOpen;
  /** How long the longest of many calls takes, in milliseconds; none of them may give anything. */
  const longest = async (process: Process, times = 30): Promise<number> => {
    const took = Array.from({ length: times }, async (_, n) => {
      const begun = performance.now();
      expect(await process.shared.find(`none${n}`)).toBeUndefined();
      expect(['stored', 'unavailable']).toContain(await keep(process, `new${n}`, ['A']));
      return performance.now() - begun;
    });
    return Math.max(...(await Promise.all(took)));
  };

  it.each(['kill', 'pause'] as const)(
    'has none, waits no longer than it may, and soon not at all: %s',
    async (end) => {
      const under = longest(a, 200);
      await server[end]();
      expect(await under).toBeLessThan(2 * timeoutMs + slackMs);
      await longest(a);
      expect(isOpen(a)).toBe(true);
      const begun = performance.now();
      expect(a.shared.sequence).toBeUndefined();
      expect(a.shared.isCurrent()).toBe(false);
      expect(await a.store.get('key')).toBeUndefined();
      expect(await keep(a, 'key', ['A'])).toBe('unavailable');
      await a.store.drop(['A']);
      expect(performance.now() - begun).toBeLessThan(50);
      expect(a.lines.map(({ level }) => level)).toEqual([50]);
      server.resume();
    },
  );

  it('does what was to be dropped before it gives anything again', async () => {
    await keep(a, 'dropped', ['A']);
    await keep(a, 'too', ['B']);
    server.pause();
    await Promise.all([a.store.drop(['A']), a.store.drop(['B'])]);
    expect(isOpen(a)).toBe(true);
    server.resume();
    const begun = performance.now();
    await until(() => !isOpen(a) && !isOpen(b));
    expect(performance.now() - begun).toBeLessThan(2000);
    for (const process of [a, b])
      for (const key of ['dropped', 'too']) expect(await process.store.get(key)).toBeUndefined();
    expect(await keep(a, 'dropped', ['A'])).toBe('stored');
    await b.current();
    expect(await b.store.get('dropped')).toBeDefined();
  });

  it('does for others what was to be dropped while only this process was cut off', async () => {
    await keep(a, 'key', ['A']);
    a.redis.breaker.trip(new Error('A test says so.'));
    await a.store.drop(['A']);
    await until(() => !isOpen(a));
    expect(await b.shared.find('key')).toBeUndefined();
  });

  it('gives nothing from before that another process may have yet to drop', async () => {
    await keep(a, 'key', ['A']);
    expect(await b.shared.find('key')).toBeDefined();
    b.redis.breaker.trip(new Error('A test says so.'));
    await until(() => !isOpen(b));
    // What only this process does not rely on is still there for others.
    expect(await b.store.get('key')).toBeUndefined();
    expect(await a.shared.find('key')).toBeDefined();
    expect(await keep(b, 'key', ['A'])).toBe('stored');
    expect(await b.shared.find('key')).toBeDefined();
  });

  it('works again within two seconds of a restart, with nothing from before', async () => {
    await keep(a, 'key', ['A']);
    await server.kill();
    await until(() => isOpen(a) && isOpen(b));
    await a.store.drop(['A']);
    const begun = performance.now();
    await server.restart();
    await Promise.all([a.current(), b.current()]);
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(await b.store.get('key')).toBeUndefined();
    expect(await keep(a, 'key', ['A'])).toBe('stored');
    expect(await b.store.get('key')).toBeDefined();
    await a.store.drop(['A']);
    expect(await b.store.get('key')).toBeUndefined();
    expect(a.lines.map(({ level }) => level)).toEqual([50, 30]);
  });

  it('remembers thousands of drops as one of everything', async () => {
    await keep(b, 'key', ['Z']);
    server.pause();
    await a.store.drop(Array.from({ length: 10_001 }, (_, n) => `A${n}`));
    server.resume();
    await until(() => !isOpen(a) && !isOpen(b));
    await keep(b, 'another', []);
    expect(await a.store.get('key')).toBeUndefined();
    expect(b.heard).toContain('everything');
  });

  it('starts without a server, and finds it when it is there', async () => {
    await server.kill();
    const late = await openProcess({ port: server.port, prefix, clock, timeoutMs });
    expect(await late.store.get('key')).toBeUndefined();
    await server.restart();
    await late.current();
    expect(await keep(late, 'key', ['A'])).toBe('stored');
    late.close();
  });
});
