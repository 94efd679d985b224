import { hash } from 'node:crypto';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { Breaker } from './breaker.ts';

const firstConnectionMs = 1000;
const reconnectEveryMs = 100;

/** A Lua script that the server runs as one step, which nothing comes between. */
export interface Script {
  readonly lua: string;
  readonly sha: string;
}

export function makeScript(lua: string): Script {
  return { lua, sha: hash('sha1', lua) };
}

export type ScriptArgument = string | number | Buffer;

/** A connection to a Redis or Valkey server, or to a cluster of them. */
export interface RedisConnection {
  /** The address, without what is secret. */
  readonly name: string;
  readonly breaker: Breaker;
  /** Keys of one script call must share a hash slot. */
  readonly isCluster: boolean;
  /** How often somebody had to wait for the server: calls made in one go, without waiting in between, count once. */
  readonly roundTrips: number;
  /**
   * Runs a script; nothing is ever sent twice, whatever becomes of it, but for scripts that the server does not know.
   * @returns what the script does, with texts as strings, or as Buffers
   * @throws StoreUnavailable if there is no answer in time
   */
  run(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown>;
  runForBytes(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown>;
  /** Another connection to the same server, for subscriptions. Reconnects for ever; whoever asks for it ends it. */
  openSubscriber(): Redis | Cluster;
  close(): void;
}

/** Where a Redis server is, or the nodes of a cluster. */
export interface RedisAddress {
  /** Of a cluster several, of which any may be down when the connection is made. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly isCluster: boolean;
  readonly options: {
    readonly username?: string;
    readonly password?: string;
    readonly db?: number;
    readonly tls?: Record<string, never>;
  };
  /** The same without what is secret, for the log. */
  readonly name: string;
}

export interface RedisConnectionOptions {
  readonly address: RedisAddress;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** What the key that the probe writes begins with. */
  readonly prefix: string;
  readonly log: Logger;
}

/** Nothing is sent again: who is not answered has to decide without an answer. */
const once = {
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: firstConnectionMs,
} satisfies RedisOptions;

const probeScript = makeScript(`return redis.call('SET', KEYS[1], 1, 'PX', 1000)`);

/** Connects; if the server cannot be reached within a second, the breaker is open, and it goes on trying. */
export async function openRedis({
  address,
  timeoutMs,
  prefix,
  log,
}: RedisConnectionOptions): Promise<RedisConnection> {
  const client = connect(address);
  const breaker: Breaker = new Breaker({
    name: address.name,
    timeoutMs,
    isOutage,
    log,
    probe: () => probe(client, `${prefix}:probe`),
  });
  client.on('error', (error: unknown) => {
    breaker.trip(error);
  });
  client.on('close', () => {
    breaker.trip(new Error('The connection was lost.'));
  });
  await isReady(client);
  if (client.status !== 'ready') breaker.trip(new Error('It cannot be reached.'));
  let roundTrips = 0;
  let isSending = false;

  function count(): void {
    if (isSending) return;
    isSending = true;
    roundTrips += 1;
    const stream = client instanceof Redis ? client.stream : undefined;
    stream?.cork();
    process.nextTick(() => {
      isSending = false;
      stream?.uncork();
    });
  }

  return {
    name: address.name,
    breaker,
    isCluster: address.isCluster,
    get roundTrips() {
      return roundTrips;
    },
    async run(script, keys, args) {
      return await breaker.guard(() => {
        count();
        return evaluate(client, script, keys, args);
      });
    },
    async runForBytes(script, keys, args) {
      return await breaker.guard(() => {
        count();
        return evaluateForBytes(client, script, keys, args);
      });
    },
    openSubscriber: () => connect(address, true),
    close() {
      breaker.end();
      client.disconnect();
    },
  };
}

/** @param enableOfflineQueue whether commands wait while there is no connection */
function connect({ nodes, isCluster, options }: RedisAddress, enableOfflineQueue = false): Redis | Cluster {
  const retry = (): number => reconnectEveryMs;
  if (!isCluster) {
    return new Redis({ ...nodes[0], ...options, ...once, enableOfflineQueue, retryStrategy: retry });
  }
  return new Cluster([...nodes], {
    redisOptions: { ...options, ...once },
    enableOfflineQueue,
    clusterRetryStrategy: retry,
    slotsRefreshTimeout: firstConnectionMs,
    // What was sent to a node that has gone may have been done by it.
    retryDelayOnFailover: 0,
  });
}

/** Resolves when it can be used, and when it has become clear that for now it cannot. */
function isReady(client: Redis | Cluster): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, firstConnectionMs);
    for (const event of ['ready', 'error', 'close', 'end']) {
      client.once(event, () => {
        clearTimeout(timer);
        resolve();
      });
    }
  });
}

async function probe(client: Redis | Cluster, key: string): Promise<void> {
  await evaluate(client, probeScript, [key], []);
}

/** A script that the server does not know has not been run, so that it can be sent again. */
async function evaluate(
  client: Redis | Cluster,
  { sha, lua }: Script,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return await client.eval(lua, keys.length, ...keys, ...args);
  }
}

async function evaluateForBytes(
  client: Redis | Cluster,
  { sha, lua }: Script,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  try {
    return await client.callBuffer('evalsha', sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!isUnknownScript(error)) throw error;
    return await client.callBuffer('eval', lua, keys.length, ...keys, ...args);
  }
}

function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

/** What is wrong with one key only, such as one that another program has taken, says nothing of the server. */
function isOutage(error: unknown): boolean {
  return !(
    error instanceof Error && /^(?:ERR user_script|ERR Error running script|.*WRONGTYPE)/.test(error.message)
  );
}
