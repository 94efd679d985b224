import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionBounds {
  /** How many requests of one connection are answered at the same time. */
  readonly maxPipelined: number;
  /** No further one is begun while there are more bytes that the client has not taken. */
  readonly maxUnsentBytes: number;
  /** How long a client may take to read what is sent, in milliseconds, besides what its size takes at `slowestRate`. */
  readonly writeTimeoutMs: number;
}

/** What all connections have together. */
export interface Shared {
  /** How many requests wait. */
  waiting: number;
}

/** Requests, on all connections together: about 30 MB. Node reads up to 64 kB at once, whatever is in them. */
const mostWaiting = 10_000;

/** Bytes a millisecond. */
const slowestRate = 64;

/** How long a client that is still sending has to read its answer after that was sent, in milliseconds. */
const lingerMs = 1000;

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** When what was unsent at some time has to be taken, by the number of bytes that were ever sent before. */
interface Mark {
  readonly sent: number;
  readonly deadline: number;
}

/**
 * A connection, on which so many requests are answered at a time and the others wait. A client that sends the next
 * request after it has its answer costs nothing of that but a look.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #listener: RequestListener;
  readonly #bounds: ConnectionBounds;
  readonly #shared: Shared;
  /** The response to the last request. */
  #latest: ServerResponse | undefined;
  /** One that was begun while there was no other. */
  #alone: ServerResponse | undefined;
  /** The others that are under way. */
  readonly #running = new Set<ServerResponse>();
  #waiting: Asked[] = [];
  #mark: Mark | undefined;

  constructor(socket: Socket, listener: RequestListener, bounds: ConnectionBounds, shared: Shared) {
    this.#socket = socket;
    this.#listener = listener;
    this.#bounds = bounds;
    this.#shared = shared;
    // Node goes on reading for reasons of its own.
    socket.on('resume', () => {
      if (this.#waiting.length > 0) socket.pause();
    });
    socket.once('close', () => {
      this.#shared.waiting -= this.#waiting.length;
      this.#waiting = [];
    });
  }

  /** Whether nothing is answered, and nothing is being received that has been begun. */
  get isIdle(): boolean {
    return this.#latest === undefined || (isDone(this.#latest) && this.#latest.req.complete);
  }

  receive(request: IncomingMessage, response: ServerResponse): void {
    this.#latest = response;
    const alone = this.#alone;
    if ((alone === undefined || isDone(alone)) && this.#running.size === 0 && this.#waiting.length === 0) {
      this.#alone = response;
      this.#listener(request, response);
    } else {
      this.#alone = undefined;
      if (alone !== undefined && !isDone(alone)) this.#follow(alone);
      this.#enqueue({ request, response });
    }
  }

  /** Ends the connection of a client that does not read. @param now milliseconds of any clock */
  checkReader(now: number): void {
    const { writableLength, bytesWritten } = this.#socket;
    const taken = bytesWritten - writableLength;
    if (writableLength === 0) this.#mark = undefined;
    else if (this.#mark === undefined || taken >= this.#mark.sent) {
      const patience = this.#bounds.writeTimeoutMs + writableLength / slowestRate;
      this.#mark = { sent: bytesWritten, deadline: now + patience };
    } else if (now >= this.#mark.deadline) this.#socket.destroy();
  }

  /** Ends the connection once all that was asked on it has been answered. */
  closeWhenDone(): void {
    const response = this.#latest;
    if (response === undefined) return;
    // Idle ones, and those on which the next head is coming, are the server's business.
    if (isDone(response)) {
      if (!response.req.complete) this.#leave();
    } else if (response.headersSent) {
      response.once('close', () => {
        this.#leave();
      });
    } else response.setHeader('Connection', 'close');
  }

  /** To end at once while the client is sending would take the answer from it. */
  #leave(): void {
    const socket = this.#socket;
    socket.end();
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => {
      clearTimeout(timer);
    });
  }

  #enqueue(asked: Asked): void {
    if (this.#shared.waiting >= mostWaiting) {
      this.#socket.destroy();
      return;
    }
    this.#shared.waiting += 1;
    this.#waiting.push(asked);
    this.#beginMore();
  }

  #beginMore(): void {
    while (this.#mayBegin()) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#shared.waiting -= 1;
      this.#follow(next.response);
      this.#listener(next.request, next.response);
    }
    const isPaused = this.#socket.isPaused();
    if (this.#waiting.length > 0) {
      if (!isPaused) this.#socket.pause();
    } else if (isPaused) this.#socket.resume();
  }

  #mayBegin(): boolean {
    const { maxPipelined, maxUnsentBytes } = this.#bounds;
    if (this.#socket.destroyed || this.#running.size >= maxPipelined) return false;
    let unsent = 0;
    for (const response of this.#running) unsent += response.writableLength;
    return unsent <= maxUnsentBytes;
  }

  #follow(response: ServerResponse): void {
    this.#running.add(response);
    response.once('close', () => {
      this.#running.delete(response);
      this.#beginMore();
    });
  }
}

/** Whether the system has all of it. */
function isDone(response: ServerResponse): boolean {
  return response.writableFinished || response.destroyed;
}
