import { describe, expect, it, onTestFinished } from 'vitest';
import { openMemcached } from '../../src/connections/memcached/index.ts';
import { describeWith } from '../support/describe-with.ts';
import { createLog } from '../support/log.ts';
import { freePort, startMemcached } from '../support/private-servers.ts';

const host = '127.0.0.1';

async function open(ports: readonly number[]) {
  const servers = ports.map((port) => ({ host, port }));
  const memcached = await openMemcached({ servers, timeoutMs: 2000, log: createLog().log });
  onTestFinished(() => {
    memcached.close();
  });
  return memcached;
}

describe('Memcached servers', () => {
  it('share the keys evenly, and find each in the same place in whatever order they are named', async () => {
    const ports = await Promise.all([1, 2, 3].map(freePort));
    const [one, other] = [await open(ports), await open(ports.toReversed())];
    const keys = Array.from({ length: 3000 }, (_, n) => `key ${n}`);
    const names = keys.map((key) => one.serverOf(key).name);
    expect(keys.map((key) => other.serverOf(key).name)).toEqual(names);
    for (const port of ports) {
      const share = names.filter((name) => name === `${host}:${port}`).length;
      expect(share).toBeGreaterThan(850);
      expect(share).toBeLessThan(1150);
    }
  });

  it('keep their keys when another one comes, but for those that it gets', async () => {
    const [first = 0, second = 0, third = 0] = await Promise.all([1, 2, 3].map(freePort));
    const [two, three] = [await open([first, second]), await open([first, second, third])];
    for (let n = 0; n < 500; n += 1) {
      const name = three.serverOf(`key ${n}`).name;
      if (name !== `${host}:${third}`) expect(two.serverOf(`key ${n}`).name).toBe(name);
    }
  });

  it('are not opened without any, or with an IPv6 address', async () => {
    const { log } = createLog();
    await expect(openMemcached({ servers: [], timeoutMs: 50, log })).rejects.toThrow('name one');
    const servers = [{ host: '::1', port: 11_211 }];
    await expect(openMemcached({ servers, timeoutMs: 50, log })).rejects.toThrow('give it a host name');
  });
});

describeWith('memcached', 'a Memcached server', () => {
  async function connect() {
    const server = await startMemcached();
    onTestFinished(() => server.stop());
    return (await open([server.port])).serverOf('any');
  }

  it('tells what is there, and what is not', async () => {
    const server = await connect();
    expect(await server.gets('key')).toBeUndefined();
    expect(await server.incr('key', 1)).toBeUndefined();
    expect(await server.decr('key', 1)).toBeUndefined();
    expect(await server.add('key', '5', 60)).toBe(true);
    expect(await server.add('key', '6', 60)).toBe(false);
    expect(await server.gets('key')).toMatchObject({ value: '5' });
  });

  it('counts in 64 bits without rounding', async () => {
    const server = await connect();
    await server.add('key', '18446744073709551000', 60);
    expect(await server.incr('key', 615)).toBe('18446744073709551615');
    expect(await server.decr('key', 2 ** 31)).toBe('18446744071562067967');
  });

  it('replaces a value only if it is of the version that was read', async () => {
    const server = await connect();
    await server.add('key', '5', 60);
    const { version = '' } = (await server.gets('key')) ?? {};
    expect(await server.cas('key', { value: '6', version }, 60)).toBe(true);
    expect(await server.cas('key', { value: '7', version }, 60)).toBe(false);
    expect(await server.cas('none', { value: '7', version }, 60)).toBe(false);
    expect(await server.gets('key')).toMatchObject({ value: '6' });
  });

  it('keeps values for longer than 30 days', async () => {
    const server = await connect();
    await server.add('key', '5', 40 * 86_400);
    expect(await server.gets('key')).toMatchObject({ value: '5' });
  });

  it('works on after a command that it does not accept', async () => {
    const server = await connect();
    await server.add('key', 'no number', 60);
    await expect(server.incr('key', 1)).rejects.toThrow('CLIENT_ERROR');
    expect(server.breaker.isOpen).toBe(false);
    expect(await server.gets('key')).toMatchObject({ value: 'no number' });
  });
});
