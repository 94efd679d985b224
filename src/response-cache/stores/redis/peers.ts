import { randomUUID } from 'node:crypto';
import {
  openSubscription,
  type RedisConnection,
  type Subscription,
} from '../../../connections/redis/index.ts';
import type { Invalidated, OnInvalidate } from '../shared-answers.ts';
import { Acknowledgements } from './acknowledgements.ts';
import { type Commands, type InvalidationMessage, readMessage } from './commands.ts';
import { Lease } from './lease.ts';

/** Timers may be that much early. */
const earlyMs = 5;

export interface PeersOptions {
  readonly redis: RedisConnection;
  readonly prefix: string;
  readonly commands: Commands;
  /**
   * How many milliseconds an invalidation waits for others: whoever has not heard of it by then gives no copies any
   * more.
   */
  readonly patienceMs: number;
  /** Milliseconds of a clock that nobody turns. */
  readonly now: () => number;
  readonly onInvalidate: OnInvalidate;
  /** Is told the number of an invalidation that has been heard of. */
  readonly onSequence: (sequence: number) => void;
}

/**
 * The processes that share answers, as one of them sees them. They tell each other of invalidations, and an
 * invalidation waits until all have heard of it or cannot give copies any more. On a cluster they give none, because
 * its nodes pass messages on without telling to whom.
 */
export class Peers {
  readonly #options: PeersOptions;
  readonly #self = randomUUID();
  readonly #acknowledgements: Acknowledgements;
  readonly #subscription: Subscription;
  readonly #lease: Lease;
  #invalidations = 0;

  constructor(options: PeersOptions) {
    const { redis, commands, patienceMs, now } = options;
    this.#options = options;
    this.#acknowledgements = new Acknowledgements(patienceMs);
    this.#subscription = openSubscription({
      redis,
      channels: [commands.channel, this.#channelTo(this.#self)],
      onMessage: (channel, text) => {
        this.#hear(channel, text);
      },
      onSubscribed: () => void this.#join(),
      onLost: () => {
        this.distrustCopies();
      },
    });
    this.#lease = new Lease({ holdsMs: patienceMs - earlyMs, ping: () => this.#subscription.ping(), now });
  }

  /** Whether this process knows of every invalidation that somebody waits for no longer. */
  isInStep(): boolean {
    return !this.#options.redis.isCluster && this.#lease.holds();
  }

  distrustCopies(): void {
    this.#lease.revoke();
    this.#options.onInvalidate('everything');
  }

  /**
   * Invalidates, and waits until nobody gives a copy of it.
   * @throws if it is not known to be done
   */
  async invalidate(invalidated: Invalidated): Promise<void> {
    const { redis, commands, onSequence } = this.#options;
    const message = this.#messageOf(invalidated);
    this.#acknowledgements.expect(message.id);
    try {
      const { sequence, heard } = await commands.invalidate(redis, message);
      onSequence(sequence);
      if (!redis.isCluster) await this.#acknowledgements.all(message.id, heard);
    } finally {
      this.#acknowledgements.forget(message.id);
    }
  }

  /**
   * Invalidates on whichever connection works, also while the breaker is open, and waits for nobody.
   * @returns the number of the invalidation
   * @throws if it is not known to be done
   */
  async invalidateLate(invalidated: Invalidated): Promise<number> {
    const { redis, commands } = this.#options;
    const message = this.#messageOf(invalidated);
    try {
      return (await commands.invalidate(redis, message)).sequence;
    } catch (error) {
      try {
        return (await commands.invalidate(this.#subscription, message)).sequence;
      } catch {
        throw error;
      }
    }
  }

  close(): void {
    this.#lease.end();
    this.#acknowledgements.end();
    this.#subscription.close();
  }

  async #join(): Promise<void> {
    this.distrustCopies();
    try {
      this.#options.onSequence(await this.#options.commands.join(this.#subscription));
    } catch {
      // The connection is lost again, or the server does not work, which the breaker notices.
    }
  }

  #hear(channel: string, text: string): void {
    if (channel === this.#options.commands.channel) this.#hearOfInvalidation(text);
    else this.#acknowledgements.add(text);
  }

  #hearOfInvalidation(text: string): void {
    const { onInvalidate, onSequence } = this.#options;
    const message = readMessage(text);
    if (message === undefined) {
      onInvalidate('everything');
    } else if (message.from === this.#self) {
      this.#acknowledgements.add(message.id);
    } else {
      onInvalidate(message.dropped);
      onSequence(message.sequence);
      this.#subscription.publish(this.#channelTo(message.from), message.id);
    }
  }

  #messageOf(invalidated: Invalidated): InvalidationMessage {
    this.#invalidations += 1;
    return { id: String(this.#invalidations), from: this.#self, dropped: invalidated };
  }

  #channelTo(process: string): string {
    return `${this.#options.prefix}:acknowledged:${process}`;
  }
}
