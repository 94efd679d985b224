import { Redis } from 'ioredis';
import { freePort, startRedis, type TestServer } from './private-servers.ts';

/** A Redis Cluster of the test's own: three masters on ports of 127.0.0.1, which share the hash slots evenly. */
export interface RedisCluster {
  readonly ports: readonly number[];
  /** The address as the configuration has it. */
  readonly url: string;
  /** A connection to each of the servers, in the order of the ports. */
  readonly nodes: readonly Redis[];
  stop(): Promise<void>;
}

const slots = 16_384;

export async function startRedisCluster(): Promise<RedisCluster> {
  const started = await Promise.all(Array.from({ length: 3 }, startMember));
  const nodes = started.map(({ server }) => new Redis({ port: server.port, host: '127.0.0.1' }));
  await Promise.all(nodes.map((node, index) => giveSlots(node, index, nodes.length)));
  const [first] = nodes;
  for (const { server, busPort } of started.slice(1)) {
    await first?.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort);
  }
  for (const node of nodes) await agreement(node, nodes.length);
  const ports = started.map(({ server }) => server.port);
  return {
    ports,
    url: `redis://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    async stop() {
      for (const node of nodes) node.disconnect();
      await Promise.all(started.map(({ server }) => server.stop()));
    },
  };
}

async function startMember(): Promise<{ server: TestServer; busPort: number }> {
  // Left alone, it takes the port 10,000 above its own, which need not be free, nor be a port at all.
  const busPort = await freePort();
  const server = await startRedis('--cluster-enabled', 'yes', '--cluster-port', String(busPort));
  return { server, busPort };
}

async function giveSlots(node: Redis, index: number, count: number): Promise<void> {
  const [from, to] = [index, index + 1].map((n) => Math.floor((n * slots) / count)) as [number, number];
  // Two that begin with the same epoch quarrel about it first.
  await node.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  await node.call('CLUSTER', 'ADDSLOTSRANGE', from, to - 1);
}

/** Resolves when a server knows of all slots. */
async function agreement(node: Redis, count: number): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const info = String(await node.call('CLUSTER', 'INFO'));
    if (info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${count}`)) return;
    if (performance.now() > deadline) throw new Error(`The cluster does not come about: ${info}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
