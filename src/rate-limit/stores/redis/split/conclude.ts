import type { BucketDenial, Decision, OperationCharges } from '../../../store.ts';
import type { Denials } from './denials.ts';
import { type Answer, levelsIn, type Round } from './round.ts';

/** The decision that a round comes to. @param denials what the bucket that counts them has said since */
export function conclude(operation: OperationCharges, round: Round, denials: Denials | undefined): Decision {
  const { selections, meta = 0 } = operation;
  const levels = levelsIn(round.answers);
  const held = new Set(round.takes.map(({ selection, index }) => `${selection} ${index}`));
  return {
    takenAt: Math.min(...round.answers.map(({ decision }) => decision.takenAt)),
    rejected: undefined,
    denied: mergeDenied(
      operation,
      round,
      denials && { bucket: meta, cost: 1, retryAfter: denials.retryAfter },
    ),
    reported: selections.flatMap(({ charges }, selection) => {
      if (round.isDenied[selection] === true) return [];
      const left = charges.filter(({ bucket }) => !held.has(`${selection} ${bucket}`));
      return left.map(({ bucket }) => ({ selection, bucket }));
    }),
    levels: denials?.level === undefined ? levels : levels.with(meta, denials.level),
  };
}

/**
 * Why selections are denied: for each the longest of the waits that shards tell, of equal ones that of its first charge.
 * @param byMeta the wait for the bucket that counts denials, which those wait for that are not under denied ones
 */
function mergeDenied(
  { selections }: OperationCharges,
  { answers, isDenied }: Round,
  byMeta: BucketDenial | undefined,
): readonly (BucketDenial | undefined)[] {
  const denied: (BucketDenial | undefined)[] = [];
  for (const [selection, { charges, under }] of selections.entries()) {
    const above = under === undefined ? undefined : denied[under];
    const own = charges.flatMap(({ bucket }) => denialsBy(bucket, selection, answers));
    if (above === undefined && byMeta !== undefined) own.push(byMeta);
    const first = above ?? { bucket: charges[0]?.bucket ?? 0, cost: charges[0]?.cost ?? 0, retryAfter: 0 };
    denied.push(isDenied[selection] === true ? own.reduce(longer, first) : undefined);
  }
  return denied;
}

/** The denial of a selection that names a bucket, if any shard's does. */
function denialsBy(bucket: number, selection: number, answers: readonly Answer[]): BucketDenial[] {
  return answers.flatMap(({ part, decision }) => {
    const denial = decision.denied[selection];
    return denial !== undefined && part.indices[denial.bucket] === bucket ? [{ ...denial, bucket }] : [];
  });
}

function longer(first: BucketDenial, second: BucketDenial): BucketDenial {
  return second.retryAfter > first.retryAfter ? second : first;
}
