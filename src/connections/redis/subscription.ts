import { StoreUnavailable } from '../breaker.ts';
import { within } from '../within.ts';
import type { RedisConnection } from './connection.ts';
import type { Script, ScriptArgument } from './script.ts';

const answerMs = 1000;
/** How often it is tried to subscribe where that is not allowed. */
const retryEveryMs = 1000;

export interface SubscriptionOptions {
  readonly redis: Pick<RedisConnection, 'openSubscriber'>;
  readonly channels: readonly string[];
  readonly onMessage: (channel: string, text: string) => void;
  /** Is called each time that all channels have been subscribed to: at first, and after each reconnection. */
  readonly onSubscribed: () => void;
  /** Is called when messages may be missed from now on. */
  readonly onLost: () => void;
}

/** A connection that messages come in by, in the order in which the server sends them and answers. */
export interface Subscription {
  /** Whether no message has been missed since `onSubscribed` was last called, as far as this process knows. */
  readonly isSubscribed: boolean;
  /**
   * Asks for a sign of life. When it resolves, all messages have been delivered that were published before it was sent.
   * @throws if the connection is lost before that, or messages are not subscribed to
   */
  ping(): Promise<void>;
  /** Publishes, if that is possible now; nobody is told whether it was. */
  publish(channel: string, text: string): void;
  /**
   * Runs a script on this connection, also while the breaker of the other one is open.
   * @returns what the script does, with texts as strings
   * @throws StoreUnavailable if there is no answer within a second
   */
  run(script: Script, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown>;
  /** Ends it; `onLost` is not called. */
  close(): void;
}

/** Subscribes to channels, and again whenever the connection has been lost. Needs RESP3, thus Redis 6 or later. */
export function openSubscription(options: SubscriptionOptions): Subscription {
  const client = options.redis.openSubscriber();
  // It is done here. Where the client does it and is refused, that is an unhandled rejection, which ends the process.
  if (!('nodes' in client)) client.options.autoResubscribe = false;
  let isSubscribed = false;
  /** Tells a subscription of this connection from one that was asked for on an earlier connection. */
  let connections = 0;
  let retry: NodeJS.Timeout | undefined;

  async function subscribe(): Promise<void> {
    connections += 1;
    const connection = connections;
    try {
      await client.subscribe(...options.channels);
    } catch {
      // If it is not that the connection is lost, which is followed by another one, then it is not allowed.
      if (connection === connections) retry = setTimeout(() => void subscribe(), retryEveryMs).unref();
      return;
    }
    if (connection !== connections) return;
    isSubscribed = true;
    options.onSubscribed();
  }

  function lose(): void {
    clearTimeout(retry);
    connections += 1;
    if (!isSubscribed) return;
    isSubscribed = false;
    options.onLost();
  }

  client.on('ready', () => void subscribe());
  client.on('close', lose);
  client.on('error', ignore);
  client.on('message', options.onMessage);

  return {
    get isSubscribed() {
      return isSubscribed;
    },
    async ping() {
      if (!isSubscribed) throw new Error('Nothing is subscribed to.');
      await client.ping();
    },
    publish(channel, text) {
      if (isSubscribed) client.publish(channel, text).catch(ignore);
    },
    run({ lua }, keys, args) {
      const late = (): Error => new StoreUnavailable(`No answer within ${answerMs} ms.`);
      return within(client.eval(lua, keys.length, ...keys, ...args), answerMs, late);
    },
    close() {
      clearTimeout(retry);
      // Whoever closes it need not be told.
      isSubscribed = false;
      connections += 1;
      client.disconnect();
    },
  };
}

/** That the connection does not work is told by `onLost`, and by the breaker of the other one. */
function ignore(): void {
  // Nothing to do.
}
