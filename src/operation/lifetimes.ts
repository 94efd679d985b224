import { type GraphQLError, OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import { clientError } from '../errors.ts';
import type { Clock } from '../util/clock.ts';
import { Lifetime } from '../util/lifetime.ts';
import type { Operation } from './find-operation.ts';

/** How often it is looked who has left, and whose time is over, while operations run. */
const sweepMs = 100;

export interface LifetimesOptions {
  /** Seconds that the execution of an operation may take; undefined: any number. */
  readonly timeout: number | undefined;
  /** The largest response body, in bytes. */
  readonly responseLimit: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A request, as the lifetimes of its operations depend on it. */
interface Asking {
  readonly requestId: string;
  readonly connection?: { readonly destroyed: boolean } | undefined;
  readonly room?: ResponseRoom | undefined;
}

/** An operation, as its lifetime depends on it. */
interface Asked {
  readonly request: Asking;
  readonly operation: Pick<Operation, 'kind' | 'definition'>;
}

/** How many bytes the response to a request, of one operation or several, may still take. */
export interface ResponseRoom {
  left: number;
}

/** How long an operation may go on, and how much may come of it. */
export class OperationLifetime extends Lifetime<GraphQLError> {
  readonly request: Asking;
  /** Milliseconds since the epoch. */
  endsAt = Infinity;
  readonly #room: ResponseRoom;
  readonly #tooLarge: () => GraphQLError;

  constructor(request: Asking, room: ResponseRoom, tooLarge: () => GraphQLError) {
    super();
    this.request = request;
    this.#room = room;
    this.#tooLarge = tooLarge;
  }

  /** Notes that the response will have at least so many bytes more, and ends the operation where those are too many. */
  spend(bytes: number): void {
    if ((this.#room.left -= bytes) < 0) this.end(this.#tooLarge());
  }
}

/**
 * Ends operations that take too long, or that nobody waits for any more. One timer looks after all of them: a timer and
 * a listener for each would cost more than most of them do.
 */
export class Lifetimes {
  readonly #options: LifetimesOptions;
  readonly #open = new Map<OperationLifetime, Asked | undefined>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: LifetimesOptions) {
    this.#options = options;
  }

  /** How many operations are open. */
  get size(): number {
    return this.#open.size;
  }

  /** What the responses to the operations of a request have together. */
  room(): ResponseRoom {
    return { left: this.#options.responseLimit };
  }

  /** Of an operation that goes on until its client leaves: what has begun as a stream. */
  openStream(request: Asking): OperationLifetime {
    return this.#add(request, undefined);
  }

  /** Of an operation that is to be executed. @param isRefresh whether no client waits for it */
  open(prepared: Asked, isRefresh: boolean): OperationLifetime {
    const { request } = prepared;
    const lifetime = this.#add(isRefresh ? { ...request, connection: undefined } : request, prepared);
    this.limit(lifetime, prepared);
    return lifetime;
  }

  /** Has an operation end when its time is over. */
  limit(lifetime: OperationLifetime, prepared: Asked): void {
    const { timeout, clock } = this.#options;
    if (timeout === undefined) return;
    lifetime.endsAt = clock.now() + timeout * 1000;
    if (this.#open.has(lifetime)) this.#open.set(lifetime, prepared);
  }

  /** An operation is done. */
  close(lifetime: OperationLifetime): void {
    lifetime.close();
    this.#open.delete(lifetime);
  }

  /** Ends those that are to be ended by now. */
  sweep(): void {
    const now = this.#options.clock.now();
    for (const [lifetime, prepared] of this.#open) {
      if (lifetime.request.connection?.destroyed === true) this.#end(lifetime, clientLeft());
      else if (now >= lifetime.endsAt) this.#timeOut(lifetime, prepared);
    }
    if (this.#open.size === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #add(request: Asking, prepared: Asked | undefined): OperationLifetime {
    const lifetime = new OperationLifetime(request, request.room ?? this.room(), this.#tooLarge);
    this.#open.set(lifetime, prepared);
    this.#timer ??= setInterval(() => {
      this.sweep();
    }, sweepMs).unref();
    return lifetime;
  }

  #timeOut(lifetime: OperationLifetime, prepared: Asked | undefined): void {
    const { timeout = 0, log } = this.#options;
    const { requestId } = lifetime.request;
    const operation = prepared?.operation.definition.name?.value;
    log.warn({ requestId, operation, timeout }, 'execution timed out');
    this.#end(lifetime, timedOut(timeout, prepared?.operation.kind === OperationTypeNode.MUTATION));
  }

  #end(lifetime: OperationLifetime, reason: GraphQLError): void {
    this.#open.delete(lifetime);
    lifetime.end(reason);
  }

  readonly #tooLarge = (): GraphQLError => responseTooLarge(this.#options.responseLimit);
}

function timedOut(seconds: number, isMutation: boolean): GraphQLError {
  const rest = isMutation
    ? ' The field that had begun goes on, and may still do what it was to do; none after it was begun.'
    : '';
  const message = `The operation took longer than the ${seconds} seconds that EXECUTION_TIMEOUT allows.${rest}`;
  return clientError('EXECUTION_TIMEOUT', message, { timeout: seconds });
}

function clientLeft(): GraphQLError {
  return clientError('CLIENT_CLOSED_REQUEST', 'The client has left before the operation was done.');
}

/** The error of a response with a larger body than there may be. */
export function responseTooLarge(limit: number): GraphQLError {
  const message = `The response would take more than the ${limit} bytes that RESPONSE_LIMIT allows. Ask for less at a time.`;
  return clientError('RESPONSE_TOO_LARGE', message, { limit });
}
