import { afterAll, beforeAll } from 'vitest';
import { describeWith } from '../../support/describe-with.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { describeAnswerStore } from '../store.contract.ts';
import { makePrefix, openProcess, type Process } from './redis-processes.ts';

describeWith('redis-server', 'answers in Redis', () => {
  let server: TestServer;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  async function openSome(count: number) {
    const clock = new FakeClock();
    // A busy machine is not what is tested here.
    const options = { port: server.port, prefix: makePrefix(), clock, timeoutMs: 5000, patienceMs: 5000 };
    const processes: Process[] = [];
    for (let n = 0; n < count; n += 1) processes.push(await openProcess(options));
    await Promise.all(processes.map((process) => process.current()));
    const close = () => {
      for (const process of processes) process.close();
    };
    return { clock, processes, close };
  }

  describeAnswerStore('the tier in front of Redis', async () => {
    const { clock, processes, close } = await openSome(1);
    const [only] = processes as [Process];
    return { clock, close, store: only.store };
  });

  describeAnswerStore('Redis, of which one process keeps, and another reads and invalidates', async () => {
    const { clock, processes, close } = await openSome(2);
    const [a, b] = processes as [Process, Process];
    return {
      clock,
      close,
      store: {
        begin: () => a.store.begin(),
        get: (key) => b.store.get(key),
        invalidate: (tags) => b.store.invalidate(tags),
      },
    };
  });
});
