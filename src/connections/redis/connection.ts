import type { Cluster, Redis } from 'ioredis';
import type { Logger } from 'pino';
import { loadDriver } from '../../util/load-driver.ts';
import { Breaker, type Call } from '../breaker.ts';
import { within } from '../within.ts';
import { connectRedis, firstConnectionMs, isSettled, type RedisAddress, type RedisDriver } from './client.ts';
import { makeScript, runScript, type Script, type ScriptArgument, type ScriptRun } from './script.ts';

/** A connection to a Redis or Valkey server, or to a cluster of them. */
export interface RedisConnection {
  /** The address, without what is secret. */
  readonly name: string;
  readonly breaker: Breaker;
  /** Keys of one script call must share a hash slot. */
  readonly isCluster: boolean;
  /** The number of the database; channels do not belong to one. */
  readonly database: number;
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

export interface RedisConnectionOptions {
  readonly address: RedisAddress;
  /** How long an answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** What the key that the probe writes begins with. */
  readonly prefix: string;
  readonly log: Logger;
}

const probeScript = makeScript(`return redis.call('SET', KEYS[1], 1, 'PX', 1000)`);

/**
 * Connects; if the server cannot be reached within a second, the breaker is open, and it goes on trying.
 * @throws Error if it is a node of a cluster that is addressed as if it were alone
 * @internal
 */
export async function openRedis(options: RedisConnectionOptions): Promise<RedisConnection> {
  const { address, timeoutMs, prefix, log } = options;
  const driver: RedisDriver = await loadDriver('ioredis', () => import('ioredis'));
  const client = connectRedis(driver, address, false);
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
  await isSettled(client);
  if (client.status !== 'ready') breaker.trip(new Error('It cannot be reached.'));
  else if (!address.isCluster && (await isInCluster(client))) {
    breaker.end();
    client.disconnect();
    throw new Error(
      `${address.name} is a node of a Redis Cluster. Add "?cluster" to its URL, or name several nodes.`,
    );
  }
  return new Connection(options, driver, client, breaker);
}

class Connection implements RedisConnection {
  readonly breaker: Breaker;
  roundTrips = 0;
  readonly #address: RedisAddress;
  readonly #driver: RedisDriver;
  readonly #client: Redis | Cluster;
  #isSending = false;

  constructor(
    { address }: RedisConnectionOptions,
    driver: RedisDriver,
    client: Redis | Cluster,
    breaker: Breaker,
  ) {
    this.#address = address;
    this.#driver = driver;
    this.#client = client;
    this.breaker = breaker;
  }

  get name(): string {
    return this.#address.name;
  }

  get isCluster(): boolean {
    return this.#address.isCluster;
  }

  get database(): number {
    return this.#address.options.db ?? 0;
  }

  run(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return this.#run({ script, keys, args });
  }

  runForBytes(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    return this.#run({ script, keys, args, asBytes: true });
  }

  openSubscriber(): Redis | Cluster {
    return connectRedis(this.#driver, this.#address, true);
  }

  close(): void {
    this.breaker.end();
    this.#client.disconnect();
  }

  async #run(run: ScriptRun): Promise<unknown> {
    return await this.breaker.guard((call: Call) => {
      this.#count();
      return runScript(this.#client, run, call);
    });
  }

  /** Calls that are made in one go are under way together. */
  #count(): void {
    if (this.#isSending) return;
    this.#isSending = true;
    this.roundTrips += 1;
    process.nextTick(() => {
      this.#isSending = false;
    });
  }
}

async function isInCluster(client: Redis | Cluster): Promise<boolean> {
  try {
    const info = await within(client.info('cluster'), firstConnectionMs, () => new Error('late'));
    return info.includes('cluster_enabled:1');
  } catch {
    // It is not allowed to say, or does not work, which is noticed soon enough.
    return false;
  }
}

/** Writes, so that a server that only reads does not pass; of a cluster every node has to answer. */
async function probe(client: Redis | Cluster, key: string): Promise<void> {
  const nodes = 'nodes' in client ? client.nodes('master') : [];
  await Promise.all(nodes.map((node) => node.ping()));
  await runScript(client, { script: probeScript, keys: [key], args: [] }, { isGivenUp: false });
}

/** The connections of this process to Redis: one for each server, so that what is asked for at once goes out at once. */
export class RedisConnections {
  readonly #options: Omit<RedisConnectionOptions, 'address'>;
  readonly #open = new Map<string, RedisConnection>();

  constructor(options: Omit<RedisConnectionOptions, 'address'>) {
    this.#options = options;
  }

  async to(address: RedisAddress): Promise<RedisConnection> {
    const id = JSON.stringify(address);
    const connection = this.#open.get(id) ?? (await openRedis({ ...this.#options, address }));
    this.#open.set(id, connection);
    return connection;
  }

  close(): void {
    for (const connection of this.#open.values()) connection.close();
  }
}

/** What a server says that cannot do its work as a whole. */
const outages = /\b(?:READONLY|OOM|MISCONF|MASTERDOWN|NOREPLICAS|LOADING|CLUSTERDOWN|NOAUTH|WRONGPASS)\b/;

/** What is wrong with one key, one script or one permission, and says nothing of the server. Redis 6 wraps the causes. */
const refusals =
  /WRONGTYPE|NOPERM|ACL failure|can't publish|CROSSSLOT|MOVED|user_script|Error running script/;

/**
 * Whether an error says that a Redis server as a whole does not work.
 * @internal
 */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  return outages.test(error.message) || !refusals.test(error.message);
}
