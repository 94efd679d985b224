import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openRedis } from '../../../src/connections/redis/connection.ts';
import type { RedisConnection } from '../../../src/connections/redis/index.ts';
import { sha256 } from '../../../src/persisted-documents/document-name.ts';
import { RegisteredDocuments } from '../../../src/persisted-documents/registered-documents.ts';
import type { DocumentStore } from '../../../src/persisted-documents/store.ts';
import { MemoryDocuments } from '../../../src/persisted-documents/stores/memory.ts';
import { openRedisDocuments } from '../../../src/persisted-documents/stores/redis.ts';
import { describeWith } from '../../support/describe-with.ts';
import { createLog } from '../../support/log.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { redisAddress } from '../../support/redis-address.ts';
import { describeDocumentStore, maxBytes } from '../store.contract.ts';

const text = '{ one }';
const hash = sha256(text);

describeWith('redis-server', 'documents in Redis', () => {
  let server: TestServer;
  /** What looks at the server from outside. */
  let admin: Redis;
  let prefix: string;
  let redis: RedisConnection;
  let store: DocumentStore;

  beforeAll(async () => {
    server = await startRedis();
    admin = new Redis(server.port, '127.0.0.1');
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });
  const connect = (): Promise<RedisConnection> => {
    const address = redisAddress(`redis://127.0.0.1:${server.port}`);
    return openRedis({ address, prefix, timeoutMs: 1000, log: createLog().log });
  };
  beforeEach(async () => {
    prefix = `test-${randomUUID().slice(0, 8)}`;
    redis = await connect();
    store = openRedisDocuments({ redis, prefix, maxBytes });
  });
  afterEach(() => {
    redis.close();
  });

  describeDocumentStore('Redis', () => ({ store }));

  const keyOf = (name: string): string => `${prefix}:{${prefix}:documents}:${name}`;

  it('are under keys of the prefix, which expire', async () => {
    await store.set(hash, text);
    const keys = await admin.keys(`${prefix}:*`);
    expect(keys.toSorted()).toEqual([keyOf('order'), keyOf('texts')]);
    for (const key of keys) expect(await admin.pttl(key)).toBeGreaterThan(6 * 24 * 60 * 60 * 1000);
  });

  it.each(['order', 'texts'])('are bounded where the server has thrown %s away', async (name) => {
    const fill = async () => {
      for (let count = 0; count < 300; count += 1) {
        const some = `# ${count} ${randomUUID().repeat(6)}`;
        await store.set(sha256(some), some);
      }
    };
    await fill();
    await admin.del(keyOf(name));
    await fill();
    await store.set(hash, text);
    expect(await store.get(hash)).toBe(text);
    expect(Number(await admin.hget(keyOf('texts'), 'bytes'))).toBeLessThanOrEqual(maxBytes);
    expect((await admin.hlen(keyOf('texts'))) - 1).toBeLessThanOrEqual(maxBytes / 400);
    expect(await admin.llen(keyOf('order'))).toBeLessThanOrEqual(maxBytes / 400);
  });

  it('cost a round trip once in a process, and none where it has a copy', async () => {
    await store.set(hash, text);
    const registered = new RegisteredDocuments(new MemoryDocuments({ maxBytes }), store);
    const before = redis.roundTrips;
    expect(await registered.find(hash)).toBe(text);
    expect(registered.find(hash)).toBe(text);
    expect(redis.roundTrips).toBe(before + 1);
  });

  it('are not asked for by what is no hash', () => {
    const registered = new RegisteredDocuments(new MemoryDocuments({ maxBytes }), store);
    const before = redis.roundTrips;
    for (const name of ['bytes', 'x', hash.toUpperCase()]) expect(registered.find(name)).toBeUndefined();
    expect(redis.roundTrips).toBe(before);
  });

  it('are found where they are what their hash says, whatever others write there', async () => {
    await store.set(hash, text);
    await admin.hset(keyOf('texts'), hash, '{ another }');
    const registered = new RegisteredDocuments(new MemoryDocuments({ maxBytes }), store);
    expect(await registered.find(hash)).toBeUndefined();
  });

  it('are unknown, and nobody fails, while the server is down', async () => {
    await store.set(hash, text);
    const down = openRedisDocuments({ redis: await connectToNothing(), prefix, maxBytes });
    await down.set(hash, text);
    expect(await down.get(hash)).toBeUndefined();
  });

  const connectToNothing = async (): Promise<RedisConnection> => {
    const other = await startRedis();
    const address = redisAddress(`redis://127.0.0.1:${other.port}`);
    const connection = await openRedis({ address, prefix, timeoutMs: 50, log: createLog().log });
    await other.stop();
    connection.close();
    return connection;
  };
});
