import type { Kept } from '../../../src/response-cache/store.ts';
import type {
  Invalidated,
  OnInvalidate,
  SharedAnswer,
  SharedAnswers,
} from '../../../src/response-cache/stores/shared-answers.ts';

/** A place far away where processes share answers: whatever they ask takes a while to get there, and back. */
export class DistantPlace {
  readonly #answers = new Map<string, { readonly shared: SharedAnswer; readonly begunAfter: number }>();
  readonly #lastInvalidations = new Map<string, number>();
  readonly #processes = new Set<OnInvalidate>();
  #floor = 0;
  sequence = 0;
  /** Whether processes hear of what others invalidate. */
  isHeard = true;
  /** What it says instead of keeping anything. */
  refusal: Kept | undefined;
  /** What the answers that are found have to wait for on their way back. */
  heldUp: Promise<undefined> | undefined;
  /** How often it was asked for an answer. */
  asked = 0;

  join(onInvalidate: OnInvalidate): void {
    this.#processes.add(onInvalidate);
  }

  leave(onInvalidate: OnInvalidate): void {
    this.#processes.delete(onInvalidate);
  }

  find(key: string): SharedAnswer | undefined {
    const found = this.#answers.get(key);
    return found === undefined || this.#isInvalidated(found.shared, found.begunAfter)
      ? undefined
      : found.shared;
  }

  lose(key: string): void {
    this.#answers.delete(key);
  }

  keep(key: string, shared: SharedAnswer, begunAfter: number): Kept {
    if (this.#isInvalidated(shared, begunAfter)) return 'invalidated';
    if (this.refusal !== undefined) return this.refusal;
    this.#answers.set(key, { shared, begunAfter });
    return 'stored';
  }

  invalidate(invalidated: Invalidated, by: OnInvalidate): void {
    this.sequence += 1;
    if (invalidated === 'everything') this.#floor = this.sequence;
    else for (const tag of invalidated) this.#lastInvalidations.set(tag, this.sequence);
    for (const tell of this.isHeard ? this.#processes : []) if (tell !== by) tell(invalidated);
  }

  #isInvalidated({ tags }: SharedAnswer, begunAfter: number): boolean {
    return (
      begunAfter < this.#floor || tags.some((tag) => (this.#lastInvalidations.get(tag) ?? 0) > begunAfter)
    );
  }
}

/** What one process has of it. */
export class DistantAnswers implements SharedAnswers {
  readonly #place: DistantPlace;
  readonly #onInvalidate: OnInvalidate;

  constructor(place: DistantPlace, onInvalidate: OnInvalidate) {
    this.#place = place;
    this.#onInvalidate = onInvalidate;
    place.join(onInvalidate);
  }

  get sequence(): number | undefined {
    return this.isCurrent() ? this.#place.sequence : undefined;
  }

  isCurrent(): boolean {
    return this.#place.isHeard;
  }

  async find(key: string): Promise<SharedAnswer | undefined> {
    this.#place.asked += 1;
    const found = await thereAndBack(() => this.#place.find(key));
    await this.#place.heldUp;
    return found;
  }

  async keep(key: string, shared: SharedAnswer, begunAfter: number): Promise<Kept> {
    return await thereAndBack(() => this.#place.keep(key, shared, begunAfter));
  }

  async invalidate(invalidated: Invalidated): Promise<void> {
    await thereAndBack(() => {
      this.#place.invalidate(invalidated, this.#onInvalidate);
    });
  }

  close(): void {
    this.#place.leave(this.#onInvalidate);
  }
}

async function thereAndBack<Value>(action: () => Value): Promise<Value> {
  await travel();
  const value = action();
  await travel();
  return value;
}

function travel(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
