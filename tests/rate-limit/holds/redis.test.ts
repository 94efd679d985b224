import { afterAll, beforeAll, describe } from 'vitest';
import { openRedis } from '../../../src/connections/redis/connection.ts';
import type { RedisConnection } from '../../../src/connections/redis/index.ts';
import { createRedisBuckets, type RedisBuckets } from '../../../src/rate-limit/stores/redis/index.ts';
import { describeWith } from '../../support/describe-with.ts';
import { createLog } from '../../support/log.ts';
import { startRedis, type TestServer } from '../../support/private-servers.ts';
import { redisAddress } from '../../support/redis-address.ts';
import { describeHolds } from './holds.contract.ts';

describeWith('redis-server', 'holds in Redis', () => {
  let server: TestServer;
  const connections: RedisConnection[] = [];
  const processes: RedisBuckets[] = [];

  beforeAll(async () => {
    server = await startRedis();
    const address = redisAddress(`redis://127.0.0.1:${server.port}`);
    for (let process = 0; process < 3; process += 1) {
      const { log } = createLog();
      const redis = await openRedis({ address, timeoutMs: 10_000, prefix: 'holds', log });
      connections.push(redis);
      processes.push(createRedisBuckets({ redis, prefix: 'holds' }));
    }
  });

  afterAll(async () => {
    for (const process of processes) process.close();
    for (const connection of connections) connection.close();
    await server.stop();
  });

  describe('of three processes', () => {
    describeHolds(() => processes.map(({ store }) => store), { runs: 10 });
  });
});
