import type { BucketStore, Decision, OperationCharges, SelectionCharges, Taken } from '../../../store.ts';
import type { Level } from '../../../strategies/index.ts';
import { chargesIn, merge, type Part } from './parts.ts';

/** Units to give back, with the time at which their shard says that it gave them. */
export interface Returned extends Taken {
  readonly takenAt: number;
}

/** Where the buckets of an operation are. */
export interface Shards {
  readonly parts: readonly Part[];
  readonly store: Pick<BucketStore, 'charge'>;
  readonly giveBackEach: (returned: readonly Returned[]) => Promise<void>;
}

/** What one shard has decided. */
export interface Answer {
  readonly part: Part;
  readonly decision: Decision;
}

/** Units that a shard gave a selection. */
export interface Take extends Returned {
  readonly selection: number;
  /** The bucket's index in the operation. */
  readonly index: number;
}

/** What all shards have decided together. */
export interface Round {
  readonly answers: readonly Answer[];
  /** What is held, of allowed selections. */
  readonly takes: readonly Take[];
  readonly isDenied: readonly boolean[];
}

/**
 * Asks all shards at the same time.
 * @param denied the selections that take nothing in any case
 * @throws what a shard does; what the others took is given back then, as far as they can be reached
 */
export async function ask(
  operation: OperationCharges,
  denied: ReadonlySet<number>,
  shards: Shards,
): Promise<Round> {
  const settled = await Promise.allSettled(
    shards.parts.map(async (part): Promise<Answer> => {
      return { part, decision: await shards.store.charge(chargesIn(part, operation.selections, denied)) };
    }),
  );
  const answers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const takes = answers.flatMap((answer) => takesIn(operation, answer));
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined) await unlessFailing(Promise.reject(failed.reason as Error), takes, shards);
  return { answers, takes, isDenied: deniedBy(operation.selections, answers) };
}

/** Gives back what is held where something fails. A shard that cannot be reached keeps it: too strict, never too lax. */
export async function unlessFailing<Value>(
  promise: Promise<Value>,
  takes: readonly Take[],
  { giveBackEach }: Shards,
): Promise<Value> {
  try {
    return await promise;
  } catch (error) {
    await giveBackEach(takes).catch(() => undefined);
    throw error;
  }
}

function takesIn({ buckets, selections }: OperationCharges, { part, decision }: Answer): Take[] {
  const over = new Set(
    decision.reported.map(({ selection, bucket }) => `${selection} ${part.indices[bucket]}`),
  );
  return selections.flatMap(({ charges }, selection) => {
    if (decision.denied[selection] !== undefined) return [];
    return charges.flatMap(({ bucket: index, cost }): Take[] => {
      const bucket = buckets[index];
      const isTaken = part.indices.includes(index) && !over.has(`${selection} ${index}`);
      return isTaken && bucket !== undefined
        ? [{ selection, index, bucket, cost, takenAt: decision.takenAt }]
        : [];
    });
  });
}

/** Whether each selection is denied, by any shard, or by what denies the one above it. */
function deniedBy(selections: readonly SelectionCharges[], answers: readonly Answer[]): readonly boolean[] {
  const denied: boolean[] = [];
  for (const [index, { under }] of selections.entries()) {
    const isBelow = under !== undefined && denied[under] === true;
    denied.push(isBelow || answers.some(({ decision }) => decision.denied[index] !== undefined));
  }
  return denied;
}

/** How full all buckets are, in the operation's order. */
export function levelsIn(answers: readonly Answer[]): Level[] {
  return merge(answers.map(({ part, decision }) => ({ part, values: decision.levels })));
}
