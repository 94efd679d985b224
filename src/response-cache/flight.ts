import type { Answer } from './answer.ts';
import type { CacheRequest } from './cache-request.ts';
import { newReads, type Reads } from './reads.ts';
import type { PendingAnswer } from './store.ts';
import { namedTableTag, tableTag, type Tag } from './tags.ts';

/** What has come of making an answer, for those who waited for it. */
export interface Landing {
  /** Undefined where it may not be shared. */
  readonly answer: Answer | undefined;
  /** Whether something that it was made from was invalidated meanwhile: those who came after that need a newer one. */
  readonly isInvalidated: boolean;
  /** Whether nothing has come of it because its client has left: one of those who waited makes it for the others. */
  readonly isLeft?: boolean;
}

const lateAfterMs = 5000;

/** Whether something has taken so long that it may be stuck, and nobody more is to wait for it. */
export function isLate(startedAt: number, now: number): boolean {
  return now - startedAt > lateAfterMs;
}

/** An answer that is being made, which identical operations may wait for. */
export class Flight {
  readonly request: CacheRequest;
  readonly pending: PendingAnswer;
  /** What is read for it, also before its execution. */
  readonly reads: Reads = newReads();
  readonly #startedAt: number;
  readonly #landed = Promise.withResolvers<Landing>();
  /** Resolves once it is late. There is none where nobody waits. */
  #late: Promise<undefined> | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #onLanded: (flight: Flight) => void;

  /** @param startedAt milliseconds since the epoch */
  constructor(
    request: CacheRequest,
    pending: PendingAnswer,
    startedAt: number,
    onLanded: (flight: Flight) => void,
  ) {
    this.request = request;
    this.pending = pending;
    this.#startedAt = startedAt;
    this.#onLanded = onLanded;
  }

  /** Waits for what comes of it, as long as it is not late: then it is undefined. */
  wait(now: number): Promise<Landing | undefined> {
    this.#late ??= new Promise((resolve) => {
      const rest = this.#startedAt + lateAfterMs + 1 - now;
      this.#timer = setTimeout(resolve, rest, undefined).unref();
    });
    return Promise.race([this.#landed.promise, this.#late]);
  }

  /** Everything that invalidates the answer, as far as it is known by now. */
  get tags(): Tag[] {
    const { tables, aside } = this.reads;
    return [...this.request.plan.tags, ...Array.from(tables, tableTag), ...Array.from(aside, namedTableTag)];
  }

  isLate(now: number): boolean {
    return isLate(this.#startedAt, now);
  }

  /** Ends it, and tells those who wait. Only the first call counts. */
  land(landing: Landing): void {
    clearTimeout(this.#timer);
    this.pending.abandon();
    this.#onLanded(this);
    this.#landed.resolve(landing);
  }

  /** Ends it without an answer, if it has not ended yet: those who wait have to make their own. */
  abandon(): void {
    this.land({ answer: undefined, isInvalidated: false });
  }

  /** Ends it without an answer because its client has left. */
  leave(): void {
    this.land({ answer: undefined, isInvalidated: false, isLeft: true });
  }
}
