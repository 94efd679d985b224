import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { describeWith } from '../../support/describe-with.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { answerOf } from './answers.ts';
import { makePrefix, openProcess, type Process, until } from './redis-processes.ts';

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
  const works = ({ shared }: Process): boolean => shared.sequence !== undefined;
  const levelsOf = ({ lines }: Process): number[] => lines.map(({ level }) => level);
  /** What looks at the server from outside. */
  const openAdmin = (): Redis => {
    const admin = new Redis(server.port, '127.0.0.1');
    onTestFinished(() => {
      admin.disconnect();
    });
    return admin;
  };
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
      await a.store.invalidate(['A']);
      expect(performance.now() - begun).toBeLessThan(50);
      expect(a.lines.map(({ level }) => level)).toEqual([50]);
      server.resume();
    },
  );

  it('does what was to be invalidated before it gives anything again', async () => {
    await keep(a, 'invalidated', ['A']);
    await keep(a, 'too', ['B']);
    server.pause();
    await Promise.all([a.store.invalidate(['A']), a.store.invalidate(['B'])]);
    expect(isOpen(a)).toBe(true);
    server.resume();
    const begun = performance.now();
    await until(() => works(a) && works(b));
    expect(performance.now() - begun).toBeLessThan(2000);
    for (const process of [a, b])
      for (const key of ['invalidated', 'too']) expect(await process.store.get(key)).toBeUndefined();
    expect(await keep(a, 'invalidated', ['A'])).toBe('stored');
    await b.current();
    expect(await b.store.get('invalidated')).toBeDefined();
  });

  it('does for others what was to be invalidated while only this process was cut off', async () => {
    await keep(a, 'key', ['A']);
    a.redis.breaker.trip(new Error('A test says so.'));
    await a.store.invalidate(['A']);
    await until(() => works(a));
    expect(await b.shared.find('key')).toBeUndefined();
  });

  it('gives nothing from before that another process may have yet to invalidate', async () => {
    await keep(a, 'key', ['A']);
    expect(await b.shared.find('key')).toBeDefined();
    b.redis.breaker.trip(new Error('A test says so.'));
    await until(() => works(b));
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
    await a.store.invalidate(['A']);
    const begun = performance.now();
    await server.restart();
    await Promise.all([a.current(), b.current()]);
    expect(performance.now() - begun).toBeLessThan(2000);
    // Each relies only on what was begun after it came back, which the other one has to have heard of.
    await until(() => a.shared.sequence === b.shared.sequence);
    expect(await b.store.get('key')).toBeUndefined();
    expect(await keep(a, 'key', ['A'])).toBe('stored');
    expect(await b.store.get('key')).toBeDefined();
    await a.store.invalidate(['A']);
    expect(await b.store.get('key')).toBeUndefined();
    expect(levelsOf(a)).toEqual([50, 30]);
  });

  it('remembers thousands of invalidations as one of everything', async () => {
    await keep(b, 'key', ['Z']);
    server.pause();
    await a.store.invalidate(Array.from({ length: 10_001 }, (_, n) => `A${n}`));
    server.resume();
    await until(() => works(a) && works(b));
    await keep(b, 'another', []);
    expect(await a.store.get('key')).toBeUndefined();
    expect(b.heard).toContain('everything');
  });

  it('works again after an outage also while somebody goes on invalidating', async () => {
    server.pause();
    await a.store.invalidate(['A']);
    expect(isOpen(a)).toBe(true);
    let isWriting = true;
    const write = (): void => {
      void a.store.invalidate(['A']);
      if (isWriting) setImmediate(write);
    };
    write();
    onTestFinished(() => {
      isWriting = false;
    });
    server.resume();
    await until(() => works(a), 3000);
    expect(levelsOf(a)).toEqual([50, 30]);
  });

  it('says so once, and leaves the server to others, where it may not tell anybody of invalidations', async () => {
    const admin = openAdmin();
    await admin.call('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', 'allchannels');
    const limited = await openProcess({
      port: server.port,
      prefix,
      clock,
      timeoutMs: 1000,
      user: 'app:secret',
    });
    onTestFinished(() => {
      limited.close();
    });
    await limited.current();
    await keep(limited, 'key', ['A']);
    await admin.call('ACL', 'SETUSER', 'app', 'resetchannels');
    await limited.store.invalidate(['A']);
    expect([isOpen(limited), works(limited), limited.shared.isCurrent()]).toEqual([false, false, false]);
    expect(await limited.store.get('key')).toBeUndefined();
    expect(await keep(limited, 'another', [])).toBe('unavailable');
    await until(() => limited.lines.some(({ msg }) => msg.startsWith('answers in Redis cannot be used: ')));
    limited.redis.breaker.trip(new Error('A test says so.'));
    await until(() => !isOpen(limited));
    await limited.store.invalidate(['B']);
    expect([isOpen(limited), works(limited)]).toEqual([false, false]);
    await admin.call('ACL', 'SETUSER', 'app', 'allchannels');
    await limited.current();
    expect(await limited.store.get('key')).toBeUndefined();
    expect(await b.shared.find('key')).toBeUndefined();
    expect(await keep(limited, 'key', ['A'])).toBe('stored');
    const told = limited.lines.filter(({ msg }) => msg.startsWith('answers in Redis'));
    expect(told.map(({ level }) => level)).toEqual([40, 30]);
  });

  it('goes on without copies where there is no connection left for messages', async () => {
    const admin = openAdmin();
    await admin.config('SET', 'maxclients', 1);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    a.redis.breaker.trip(new Error('A test says so.'));
    await a.store.invalidate(['A']);
    await until(() => works(a));
    expect(await keep(a, 'key', ['A'])).toBe('stored');
    expect(await a.shared.find('key')).toBeDefined();
    expect(a.shared.isCurrent()).toBe(false);
    expect(levelsOf(a)).toEqual([50, 30]);
    await admin.config('SET', 'maxclients', 100);
    await Promise.all([a.current(), b.current()]);
  });

  it('says at the end what could not be invalidated', async () => {
    server.pause();
    await Promise.all([a.store.invalidate(['A', 'B']), b.store.invalidate('everything')]);
    await Promise.all([a.store.invalidate(['B', 'C']), b.store.invalidate(['A'])]);
    for (const [process, what] of [
      [a, '3 tags'],
      [b, 'everything'],
    ] as const) {
      void process.store.invalidate(['C']);
      process.close();
      expect(process.lines.at(-1)).toMatchObject({
        level: 40,
        msg: `answers could not be dropped before the end, and may be given by others: ${what}`,
      });
      expect(levelsOf(process)).toEqual([50, 40]);
    }
    server.resume();
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
