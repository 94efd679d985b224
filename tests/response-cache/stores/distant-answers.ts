import type { Kept } from '../../../src/response-cache/store.ts';
import type {
  Dropped,
  OnDrop,
  SharedAnswer,
  SharedAnswers,
} from '../../../src/response-cache/stores/shared-answers.ts';

/** A place far away where processes share answers: whatever they ask takes a while to get there, and back. */
export class DistantPlace {
  readonly #answers = new Map<string, { readonly shared: SharedAnswer; readonly begunAfter: number }>();
  readonly #lastDrops = new Map<string, number>();
  readonly #processes = new Set<OnDrop>();
  #floor = 0;
  sequence = 0;
  /** Whether processes hear of what others drop. */
  isHeard = true;
  /** What it says instead of keeping anything. */
  refusal: Kept | undefined;
  /** What the answers that are found have to wait for on their way back. */
  heldUp: Promise<undefined> | undefined;
  /** How often it was asked for an answer. */
  asked = 0;

  join(onDrop: OnDrop): void {
    this.#processes.add(onDrop);
  }

  leave(onDrop: OnDrop): void {
    this.#processes.delete(onDrop);
  }

  find(key: string): SharedAnswer | undefined {
    const found = this.#answers.get(key);
    return found === undefined || this.#isDropped(found.shared, found.begunAfter) ? undefined : found.shared;
  }

  lose(key: string): void {
    this.#answers.delete(key);
  }

  keep(key: string, shared: SharedAnswer, begunAfter: number): Kept {
    if (this.#isDropped(shared, begunAfter)) return 'overtaken';
    if (this.refusal !== undefined) return this.refusal;
    this.#answers.set(key, { shared, begunAfter });
    return 'stored';
  }

  drop(dropped: Dropped, by: OnDrop): void {
    this.sequence += 1;
    if (dropped === 'everything') this.#floor = this.sequence;
    else for (const tag of dropped) this.#lastDrops.set(tag, this.sequence);
    for (const tell of this.isHeard ? this.#processes : []) if (tell !== by) tell(dropped);
  }

  #isDropped({ tags }: SharedAnswer, begunAfter: number): boolean {
    return begunAfter < this.#floor || tags.some((tag) => (this.#lastDrops.get(tag) ?? 0) > begunAfter);
  }
}

/** What one process has of it. */
export class DistantAnswers implements SharedAnswers {
  readonly #place: DistantPlace;
  readonly #onDrop: OnDrop;

  constructor(place: DistantPlace, onDrop: OnDrop) {
    this.#place = place;
    this.#onDrop = onDrop;
    place.join(onDrop);
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

  async drop(dropped: Dropped): Promise<void> {
    await thereAndBack(() => {
      this.#place.drop(dropped, this.#onDrop);
    });
  }

  close(): void {
    this.#place.leave(this.#onDrop);
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
