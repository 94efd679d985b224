import type { Bucket, BucketDenial, BucketStore, Decision, OperationCharges } from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';
import { foresee } from './foresee.ts';
import { giveBackEach } from './give-back.ts';
import { Holdings } from './holdings.ts';
import { type Answer, deniedBy, mergeDenied, mergeLevels, mergeReported } from './merge.ts';
import { chargeMeta, denialByMeta, type MetaAnswer } from './meta.ts';
import { chargesIn, type Part, partsOf } from './parts.ts';
import type { ShardOf } from './shard.ts';

/**
 * The judgement of one operation of which the buckets are in several shards. All shards are asked at the same time.
 * While they disagree about a selection, what is not to be taken is given back, the selections that are now known to be
 * denied are marked so, and the shards are asked for the rest: each time for one more denied selection at least, so that
 * it ends. Units that were held for a moment may have denied others something; nobody is ever let through beyond a limit.
 */
export class Spanning {
  readonly #operation: OperationCharges;
  readonly #store: BucketStore;
  readonly #shardOf: ShardOf;
  readonly #parts: readonly Part[];
  readonly #holdings: Holdings;
  /** The selections that are denied in any case, by their indices. */
  readonly #denied = new Set<number>();

  constructor(operation: OperationCharges, store: BucketStore, shardOf: ShardOf) {
    this.#operation = operation;
    this.#store = store;
    this.#shardOf = shardOf;
    this.#parts = partsOf(operation.buckets, shardOf);
    this.#holdings = new Holdings(operation);
    for (const [index, { isDenied }] of operation.selections.entries()) {
      if (isDenied === true) this.#denied.add(index);
    }
  }

  /** @throws what a shard does; what the others took is given back then, as far as they can be reached */
  async charge(): Promise<Decision> {
    const meta = this.#metaBucket();
    const before = meta && (await chargeMeta(this.#store, meta, 0));
    if (before !== undefined && before.retryAfter > 0) return await this.#refuse(before);
    try {
      const answers = await this.#agree();
      const isDenied = deniedBy(this.#operation, answers);
      const isCounting = meta !== undefined && isDenied.includes(true);
      const after = isCounting
        ? await chargeMeta(this.#store, meta, this.#countDenials(isDenied))
        : undefined;
      return this.#conclude(answers, isDenied, after);
    } catch (error) {
      await this.#giveBackAll();
      throw error;
    }
  }

  /** When the units were taken that are held, by the index of the bucket. */
  times(): ReadonlyMap<number, number> {
    return this.#holdings.times();
  }

  #metaBucket(): Bucket | undefined {
    const { meta, buckets } = this.#operation;
    return meta === undefined ? undefined : buckets[meta];
  }

  async #refuse(meta: MetaAnswer): Promise<Decision> {
    const refused = this.#byMeta(meta);
    const levels = mergeLevels(
      await Promise.all(
        this.#parts.map(async (part) => ({ part, levels: await this.#store.levels(part.buckets) })),
      ),
    );
    return {
      takenAt: meta.takenAt,
      refused,
      denied: this.#operation.selections.map(() => refused),
      reported: [],
      levels: this.#withMeta(levels, meta),
    };
  }

  /** Asks the shards until they say the same of every selection. */
  async #agree(): Promise<readonly Answer[]> {
    for (;;) {
      const answers = await this.#ask();
      const isDenied = deniedBy(this.#operation, answers);
      const conflict = isDenied.findIndex((is, index) => is && this.#holdings.isHolding(index));
      if (conflict === -1) return answers;
      await this.#resolve(answers, isDenied.slice(0, conflict + 1));
    }
  }

  async #ask(): Promise<readonly Answer[]> {
    const settled = await Promise.allSettled(
      this.#parts.map(async (part): Promise<Answer> => {
        const charges = chargesIn(part, this.#operation, this.#holdings, this.#denied);
        const decision = await this.#store.charge(charges);
        return { part, decision };
      }),
    );
    const answers: Answer[] = [];
    for (const each of settled) if (each.status === 'fulfilled') answers.push(each.value);
    for (const answer of answers) this.#hold(answer);
    for (const each of settled) if (each.status === 'rejected') throw each.reason;
    return answers;
  }

  /** Notes what a shard has taken. */
  #hold({ part: { places }, decision }: Answer): void {
    const over = new Set(decision.reported.map(({ selection, bucket }) => `${selection} ${bucket}`));
    for (const [index, { charges }] of this.#operation.selections.entries()) {
      if (decision.denied[index] !== undefined) continue;
      for (const charge of charges) {
        const place = places.get(charge.bucket);
        if (place === undefined || this.#holdings.has(index, charge.bucket)) continue;
        if (!over.has(`${index} ${place}`)) this.#holdings.add(index, charge, decision.takenAt);
      }
    }
  }

  /** @param isDenied of the selections up to the first conflict: what is before that is certain, and so is that */
  async #resolve(answers: readonly Answer[], isDenied: readonly boolean[]): Promise<void> {
    const { selections } = this.#operation;
    for (const [index, is] of isDenied.entries()) {
      const under = selections[index]?.under;
      if (is && (under === undefined || isDenied[under] !== true)) this.#denied.add(index);
    }
    const held = this.#holdings.units();
    const left = levelsIn(answers).map(({ remaining }, index) => remaining + (held[index] ?? 0));
    const isWanted = foresee(this.#operation, left, this.#denied);
    await giveBackEach(this.#store, this.#shardOf, this.#holdings.release(isWanted));
  }

  /** How many of the denials the meta bucket counts. */
  #countDenials(isDenied: readonly boolean[]): number {
    return this.#operation.selections.filter(({ under, isUncertain }, index) => {
      return isDenied[index] && isUncertain !== true && (under === undefined || !isDenied[under]);
    }).length;
  }

  #conclude(
    answers: readonly Answer[],
    isDenied: readonly boolean[],
    meta: MetaAnswer | undefined,
  ): Decision {
    const operation = this.#operation;
    const levels = levelsIn(answers);
    return {
      takenAt: Math.min(...answers.map(({ decision }) => decision.takenAt)),
      refused: undefined,
      denied: mergeDenied(operation, isDenied, answers, meta && this.#byMeta(meta)),
      reported: mergeReported(operation, isDenied, this.#holdings),
      levels: meta === undefined ? levels : this.#withMeta(levels, meta),
    };
  }

  #byMeta(meta: MetaAnswer): BucketDenial {
    return denialByMeta(this.#operation.meta ?? 0, meta);
  }

  #withMeta(levels: readonly Level[], { level }: MetaAnswer): readonly Level[] {
    const { meta } = this.#operation;
    return meta === undefined || level === undefined ? levels : levels.with(meta, level);
  }

  /** A shard that cannot be reached keeps what it gave: that is too strict, and never too lax. */
  async #giveBackAll(): Promise<void> {
    const released = this.#holdings.release(() => false);
    await giveBackEach(this.#store, this.#shardOf, released).catch(() => undefined);
  }
}

function levelsIn(answers: readonly Answer[]): Level[] {
  return mergeLevels(answers.map(({ part, decision }) => ({ part, levels: decision.levels })));
}
