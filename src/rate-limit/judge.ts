import type { Bucket, BucketDenial, Charge, Decision, OperationCharges, SelectionCharges } from './store.ts';
import type { State } from './strategies/index.ts';
import { strategyOf } from './strategies/index.ts';
import { type States, Tally } from './tally.ts';

export interface Judgement {
  readonly decision: Decision;
  /** The buckets from now on. The state of one that has not changed is the one that was given. */
  readonly states: States;
}

/**
 * Judges an operation by the states of its buckets, as BucketStore promises to. `now` is in milliseconds since the
 * epoch, an integer.
 */
export function judge(charges: OperationCharges, states: States, now: number): Judgement {
  const { buckets, selections } = charges;
  const [bucket, selection] = [buckets[0], selections[0]];
  const charge = selection?.charges[0];
  const isOne = buckets.length === 1 && selections.length === 1 && selection?.charges.length === 1;
  const isPlain = isOne && charges.meta === undefined && selection.isDenied !== true;
  if (isPlain && bucket !== undefined && charge?.bucket === 0)
    return judgeOne(bucket, charge, states[0], now);
  const tally = new Tally(buckets, states, now);
  const meta = charges.meta === undefined ? undefined : { bucket: charges.meta, cost: 1, enforced: true };
  const { rejected, denied, reported } =
    meta === undefined || tally.fits(meta)
      ? judgeEach(tally, selections, meta)
      : refuseAll(tally, selections, meta);
  const decision = { takenAt: now, rejected, denied, reported, levels: tally.levels };
  return { decision, states: tally.states };
}

/** What most operations are: one selection that takes from one bucket. The rules come to no more than this for it. */
function judgeOne(
  { strategy: name, rule }: Bucket,
  { bucket, cost, enforced }: Charge,
  before: State | undefined,
  now: number,
): Judgement {
  const strategy = strategyOf(name);
  const { allowed, state, retryAfter } = strategy.take(before, rule, cost, now);
  const isDenied = enforced && !allowed;
  const decision = {
    takenAt: now,
    rejected: undefined,
    denied: [isDenied ? { bucket, cost, retryAfter } : undefined],
    reported: allowed || enforced ? [] : [{ selection: 0, bucket }],
    levels: [strategy.level(state, rule, now)],
  };
  return { decision, states: [state] };
}

type Decided = Pick<Decision, 'rejected' | 'denied' | 'reported'>;

/** A denial whose wait is still to be reckoned. */
type Denial = { -readonly [Key in keyof BucketDenial]: BucketDenial[Key] };

function refuseAll(tally: Tally, selections: readonly SelectionCharges[], meta: Charge): Decided {
  tally.settle();
  const rejected = { bucket: meta.bucket, cost: meta.cost, retryAfter: tally.wait(meta) };
  return { rejected, denied: selections.map(() => rejected), reported: [] };
}

function judgeEach(tally: Tally, selections: readonly SelectionCharges[], meta: Charge | undefined): Decided {
  const denied: (BucketDenial | undefined)[] = [];
  const reported: Decision['reported'][number][] = [];
  let denials: Denials | undefined;
  let counted = 0;
  for (const { charges, under, isUncertain, isDenied } of selections) {
    const selection = denied.length;
    const above = under === undefined ? undefined : denied[under];
    const own =
      above === undefined
        ? (denials?.of(charges, isDenied) ?? denialOf(tally, charges, isDenied))
        : undefined;
    if (above === undefined && own === undefined) {
      takeAll(tally, charges, selection, reported);
      denied.push(undefined);
    } else {
      denials ??= new Denials();
      denied.push(above === undefined ? denials.add(charges, own, isDenied) : denials.under(above, charges));
      if (above === undefined && isUncertain !== true) counted += 1;
    }
  }
  if (meta !== undefined) tally.take(meta.bucket, Math.min(counted, tally.remaining(meta.bucket)));
  tally.settle();
  denials?.reckon(tally, meta);
  return { rejected: undefined, denied, reported };
}

/** The denials of an operation. Those for the same reason are one, of which the wait is reckoned once. */
class Denials {
  // What did not fit once does not fit later in the operation, so the same charges share a denial.
  readonly #own = new Map<readonly Charge[], Denial>();
  /** Those of selections that are denied in any case: others with the same charges need not be. */
  readonly #given = new Map<readonly Charge[], Denial>();
  /** Those of selections under denied ones, by what denied the ones above. */
  #under: Map<BucketDenial, Map<readonly Charge[], Denial>> | undefined;

  of(charges: readonly Charge[], isGiven = false): Denial | undefined {
    return (isGiven ? this.#given : this.#own).get(charges);
  }

  add(charges: readonly Charge[], denial: Denial | undefined, isGiven = false): Denial | undefined {
    if (denial !== undefined) (isGiven ? this.#given : this.#own).set(charges, denial);
    return denial;
  }

  /** The denial of a selection under a denied one: it waits for that one, or longer for buckets of its own. */
  under(above: BucketDenial, charges: readonly Charge[]): BucketDenial {
    if (charges.length === 0) return above;
    this.#under ??= new Map();
    const known = this.#under.get(above) ?? new Map<readonly Charge[], Denial>();
    this.#under.set(above, known);
    const denial = known.get(charges) ?? { ...above };
    known.set(charges, denial);
    return denial;
  }

  /** Reckons the waits by what the operation has left; those above come before those under them. */
  reckon(tally: Tally, meta: Charge | undefined): void {
    for (const denials of [this.#own, this.#given]) {
      for (const [charges, denial] of denials) reckonWait(tally, denial, meta ? [...charges, meta] : charges);
    }
    for (const [above, denials] of this.#under ?? []) {
      for (const [charges, denial] of denials) reckonWait(tally, Object.assign(denial, above), charges);
    }
  }
}

/** Why a selection cannot have what it costs. Looks at every charge, so that the tally knows of all that do not fit. */
function denialOf(tally: Tally, charges: readonly Charge[], isGiven = false): Denial | undefined {
  let denial = isGiven ? denialIn(charges) : undefined;
  for (const charge of charges) {
    const { bucket, cost, enforced } = charge;
    if (enforced && !tally.fits(charge)) denial ??= { bucket, cost, retryAfter: 0 };
  }
  return denial;
}

/** The denial of a selection that is denied in any case: by its first charge, until another has it wait. */
function denialIn([first]: readonly Charge[]): Denial {
  return { bucket: first?.bucket ?? 0, cost: first?.cost ?? 0, retryAfter: 0 };
}

function takeAll(
  tally: Tally,
  charges: readonly Charge[],
  selection: number,
  reported: Decision['reported'][number][],
): void {
  for (const charge of charges) {
    const { bucket, cost } = charge;
    if (tally.fits(charge)) tally.take(bucket, cost);
    else reported.push({ selection, bucket });
  }
}

/** Finds the charge that keeps a denied selection waiting longest. */
function reckonWait(tally: Tally, denial: Denial, charges: readonly Charge[]): void {
  for (const charge of charges) {
    const wait = charge.enforced ? tally.wait(charge) : 0;
    if (wait <= denial.retryAfter) continue;
    denial.bucket = charge.bucket;
    denial.cost = charge.cost;
    denial.retryAfter = wait;
  }
}
