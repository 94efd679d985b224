import type { RedisConnection, ScriptArgument } from '../../../connections/redis/index.ts';
import type { Answer } from '../../answer.ts';
import type { Kept } from '../../store.ts';
import { packBody, unpackBody } from '../packed-body.ts';
import type { Invalidated, SharedAnswer } from '../shared-answers.ts';
import { findScript, invalidateScript, joinScript, keepScript, slotsOf } from './scripts.ts';

/** What an answer may take in Redis, packed, with its tags. */
const largestStored = 1024 * 1024;

/** Where scripts run: the guarded connection, or the subscription. */
type Runner = Pick<RedisConnection, 'run'>;

/** What processes tell each other of an invalidation. */
export interface InvalidationMessage {
  readonly id: string;
  /** The process that invalidated it. */
  readonly from: string;
  readonly dropped: Invalidated;
}

/** What Redis has of an answer besides its body, as JSON. */
interface Head extends Omit<Answer, 'body'> {
  readonly encoding: 0 | 1;
  readonly tags: readonly string[];
}

/** An answer as it is written to Redis. */
interface StoredAnswer {
  readonly head: string;
  readonly body: Buffer;
}

/** What has become of an invalidation. */
export interface Done {
  /** Its number. */
  readonly sequence: number;
  /** How many processes hear of it; Infinity if there may be one that does not. */
  readonly heard: number;
}

/** What a look-up has found. */
export interface Found {
  /** The number of the last invalidation. */
  readonly sequence: number;
  readonly shared: SharedAnswer | undefined;
}

export interface CommandsOptions {
  readonly prefix: string;
  /** The number of the one that the connection has selected; channels do not belong to one. */
  readonly database: number;
  /** How long a process may give copies without hearing of invalidations, in milliseconds. */
  readonly patienceMs: number;
  /** Of how many bytes the body of an answer may be. */
  readonly largestBytes: number;
}

/** The names of keys and channels, which processes of several versions share, and what is done with them. Keys share a hash slot; all promises may reject. */
export class Commands {
  readonly channel: string;
  readonly #invalidations: string;
  readonly #answers: string;
  readonly #patienceMs: number;
  readonly #largestBytes: number;

  constructor({ prefix, database, patienceMs, largestBytes }: CommandsOptions) {
    this.#patienceMs = patienceMs;
    this.#largestBytes = largestBytes;
    const base = `${prefix}:{${prefix}:answers}`;
    this.channel = `${prefix}:dropped:${database}`;
    this.#invalidations = `${base}:drops`;
    this.#answers = `${base}:answer:`;
  }

  async find(redis: RedisConnection, key: string, floor: number): Promise<Found> {
    const reply = await redis.runForBytes(findScript, [this.#invalidations, this.#answers + key], [floor]);
    // This is the shape in which findScript returns.
    const [sequence, head, body] = reply as [number, Buffer?, Buffer?];
    const isFound = head !== undefined && body !== undefined;
    return { sequence, shared: isFound ? readAnswer(head, body) : undefined };
  }

  /** @param lifeMs how long it is of any use, in milliseconds */
  async keep(
    redis: Runner,
    key: string,
    shared: SharedAnswer,
    begunAfter: number,
    lifeMs: number,
  ): Promise<Kept> {
    const life = Math.max(1, Math.ceil(lifeMs));
    const args = [begunAfter, slotsOf(shared.tags), life, ...this.#stored(shared)];
    // keepScript returns nothing else.
    return (await redis.run(keepScript, [this.#invalidations, this.#answers + key], args)) as Kept;
  }

  /** The head and the body, if it is not too large. */
  #stored(shared: SharedAnswer): ScriptArgument[] {
    // To pack what is very large takes long, and nothing else happens meanwhile.
    if (shared.answer.body.byteLength > this.#largestBytes) return [];
    const { head, body } = writeAnswer(shared);
    return Buffer.byteLength(head) + body.byteLength > largestStored ? [] : [head, body];
  }

  async invalidate(redis: Runner, message: InvalidationMessage): Promise<Done> {
    const { dropped: invalidated } = message;
    const args: ScriptArgument[] = [this.channel, JSON.stringify(message), this.#patienceMs];
    if (invalidated !== 'everything') args.push(slotsOf(invalidated));
    // This is the shape in which invalidateScript returns.
    const [sequence, heard] = (await redis.run(invalidateScript, [this.#invalidations], args)) as [
      number,
      number,
    ];
    return { sequence, heard: heard === -1 ? Infinity : heard };
  }

  async join(redis: Runner): Promise<number> {
    // joinScript returns nothing else.
    return (await redis.run(joinScript, [this.#invalidations], [this.channel])) as number;
  }
}

function writeAnswer({ answer, tags }: SharedAnswer): StoredAnswer {
  const { body, ...rest } = answer;
  const { encoding, bytes } = packBody(body);
  const head: Head = { ...rest, encoding, tags };
  return { head: JSON.stringify(head), body: bytes };
}

/** @throws Error when they are not what `writeAnswer` has made */
function readAnswer(head: Buffer, body: Buffer): SharedAnswer {
  // Only keepScript writes what is under these keys.
  const { encoding, tags, ...rest } = JSON.parse(head.toString()) as Head;
  return { answer: { ...rest, body: unpackBody({ encoding, bytes: body }) }, tags };
}

/** Reads a message: the number of the invalidation, a blank, the rest as JSON. Undefined if it is none. */
export function readMessage(text: string): (InvalidationMessage & { readonly sequence: number }) | undefined {
  const blank = text.indexOf(' ');
  const sequence = Number(text.slice(0, blank));
  try {
    const message: unknown = JSON.parse(text.slice(blank + 1));
    return Number.isSafeInteger(sequence) && isMessage(message) ? { ...message, sequence } : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(message: unknown): message is InvalidationMessage {
  if (typeof message !== 'object' || message === null) return false;
  if (!('id' in message && 'from' in message && 'dropped' in message)) return false;
  const { id, from, dropped } = message;
  const areTags = Array.isArray(dropped) && dropped.every((tag) => typeof tag === 'string');
  return typeof id === 'string' && typeof from === 'string' && (areTags || dropped === 'everything');
}
