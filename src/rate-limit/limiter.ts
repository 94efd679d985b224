import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import type { Caller } from '../caller/caller.ts';
import { Admission, type Wording } from './admission.ts';
import type { BucketState } from './bucket-state.ts';
import type { Attempt, ChargingOptions, Exempt, PolicyCharges } from './charging.ts';
import type { DeclaredLimits } from './compile-policies.ts';
import { createHolds } from './holds/index.ts';
import { Limits, onlyReporting } from './limits.ts';
import { chargesOf, chargesOfPolicies } from './operation-charges.ts';
import { plainPolicy, type Policy, type WindowLimit } from './policy.ts';
import type { Settle } from './settling.ts';
import type { BucketStore, Decision } from './store.ts';

/** Applies the limits of a schema to callers. */
export interface Limiter {
  readonly limits: Limits;
  /** Judges an operation, and takes what its allowed selections cost. */
  admit(attempt: Attempt): MaybePromise<Admission>;
  /** Counts a request that never became an operation; rejected once there were too many from the caller's address. */
  admitInvalid(caller: Caller): MaybePromise<Admission>;
  /** Decides on a request for a page. */
  admitPage(caller: Caller): MaybePromise<Admission>;
  /** The caller's buckets, but for those keyed by arguments, read without taking anything; each once. */
  status(caller: Caller): MaybePromise<readonly BucketState[]>;
}

/**
 * Something that a limit denied.
 *
 * @example
 * ```ts
 * import type { DenialEvent } from 'sluice';
 *
 * // For the hook `onDenied`.
 * export function onDenied({ policy, retryAfter }: DenialEvent): string | undefined {
 *   return policy === 'login' ? `Try again in ${Math.ceil(retryAfter / 60_000)} minutes.` : undefined;
 * }
 * ```
 */
export interface DenialEvent {
  readonly caller: Caller;
  /** The denied field's schema coordinate; undefined where everything was denied. */
  readonly coordinate: string | undefined;
  /** The policy's name. */
  readonly policy: string;
  readonly limit: number;
  /** Seconds. */
  readonly window: number;
  readonly cost: number;
  /** Milliseconds; Infinity if it costs more than the limit. */
  readonly retryAfter: number;
}

/** Told of every selection that is denied. May return what the client is told in place of our message. */
export type OnDenied = (use: DenialEvent) => string | undefined;

/** Told of what a policy that only reports would have denied. */
type Report = (use: { policy: Policy; limit: number; window: number; cost: number }) => void;

/** Whether limits deny, only count and report whatever they declare, or do not even count. */
type LimiterMode = 'enforce' | 'report' | 'off';

export interface LimiterOptions {
  readonly declared: DeclaredLimits;
  readonly store: BucketStore;
  readonly report: Report;
  /** By default `enforce`. */
  readonly mode?: LimiterMode | undefined;
  /** How many denials a caller may have until everything is denied, by default any number. */
  readonly metaLimit?: WindowLimit | undefined;
  /** How many requests that never become an operation an address may send, by default any number. */
  readonly invalidLimits?: readonly WindowLimit[] | undefined;
  /** How many pages an address may ask for, by default any number. */
  readonly pageLimits?: readonly WindowLimit[] | undefined;
  readonly exempt?: Exempt | undefined;
  readonly onDenied?: OnDenied | undefined;
}

const emptyPlan = { entries: [], roots: [] };
const noCharges: PolicyCharges = { buckets: [], policies: [], selections: [], offset: 0 };
const passed: Decision = { takenAt: 0, denied: [], reported: [], levels: [] };

export function createLimiter(options: LimiterOptions): Limiter {
  const {
    store,
    report,
    mode = 'enforce',
    metaLimit,
    invalidLimits = [],
    pageLimits = [],
    exempt,
    onDenied,
  } = options;
  const limits = new Limits(mode === 'report' ? onlyReporting(options.declared) : options.declared);
  // Where limits only report, denials that were counted before must deny nothing.
  const meta =
    metaLimit !== undefined && mode === 'enforce'
      ? plainPolicy('sluice.denials', metaLimit, ['USER', 'API_KEY', 'IP'])
      : undefined;
  const charging: ChargingOptions = { limits, meta, exempt };
  const invalid = requestPolicies('sluice.invalid', invalidLimits, mode);
  const pages = requestPolicies('sluice.pages', pageLimits, mode);
  const holds = createHolds(store);

  function judge(attempt: Attempt, charges: PolicyCharges): MaybePromise<Admission> {
    const decision = decisionOn(charges);
    return isPromise(decision)
      ? decision.then((settled) => conclude(attempt, charges, settled))
      : conclude(attempt, charges, decision);
  }

  function decisionOn(charges: PolicyCharges): MaybePromise<Decision> {
    return charges.buckets.length === 0 ? passed : holds.charge(charges);
  }

  function conclude({ plan, caller, cost }: Attempt, charges: PolicyCharges, decision: Decision): Admission {
    if (decision.reported.length > 0) reportOf(charges, decision, report);
    return new Admission({
      plan,
      charges,
      decision,
      cost: cost?.cost,
      settle: decision.takenBy === undefined ? settle : settlingIn(decision.takenBy),
      wording: onDenied && wordingOf(onDenied, caller),
    });
  }

  const settlingIn =
    (from: BucketStore): Settle =>
    (settled, takenAt) => {
      holds.settle(settled, takenAt, from);
    };
  const settle = settlingIn(store);

  /** Counts a request that is no operation. */
  function admitRequest(policies: readonly Policy[], caller: Caller): MaybePromise<Admission> {
    const attempt: Attempt = { plan: emptyPlan, variables: {}, caller };
    const charges = mode === 'off' ? noCharges : chargesOfPolicies(policies, attempt, charging);
    // The one selection that there is stands for the whole request.
    const refuse = (decision: Decision) =>
      conclude(attempt, charges, { ...decision, rejected: decision.denied[0] });
    const decision = decisionOn(charges);
    return isPromise(decision) ? decision.then(refuse) : refuse(decision);
  }

  return {
    limits,

    admit(attempt) {
      const charges = mode === 'off' ? noCharges : chargesOf(attempt, charging);
      if (attempt.isHit !== true || charges.buckets.length === 0) return judge(attempt, charges);
      // Where a part is denied the kept answer is of no use. The rest is made afresh, and costs what that costs.
      const judgeBy = (levels: Decision['levels']) => {
        const isUseful = fitsWhole(charges, levels);
        return judge(attempt, isUseful ? charges : chargesOf({ ...attempt, isHit: false }, charging));
      };
      const levels = store.levels(charges.buckets);
      return isPromise(levels) ? levels.then(judgeBy) : judgeBy(levels);
    },

    admitInvalid: (caller) => admitRequest(invalid, caller),
    admitPage: (caller) => admitRequest(pages, caller),

    status(caller) {
      const named = new Map([...limits.inForce.values()].flat().map((policy) => [policy.name, policy]));
      const readable = [...named.values()].filter((policy) => policy.identityArgs.length === 0);
      const charges = chargesOfPolicies(
        readable,
        { plan: emptyPlan, variables: {}, caller },
        {
          ...charging,
          exempt: undefined,
        },
      );
      const levels = store.levels(charges.buckets);
      const statesBy = (found: Decision['levels']) =>
        new Admission({ plan: emptyPlan, charges, decision: { ...passed, levels: found }, settle }).states;
      return isPromise(levels) ? levels.then(statesBy) : statesBy(levels);
    },
  };
}

/** Whether no selection of an operation would be denied. */
function fitsWhole({ selections }: PolicyCharges, levels: Decision['levels']): boolean {
  const left = levels.map(({ remaining }) => remaining);
  const enforced = selections.flatMap(({ charges }) => charges.filter((charge) => charge.enforced));
  return enforced.every(({ bucket, cost }) => (left[bucket] = (left[bucket] ?? 0) - cost) >= 0);
}

function requestPolicies(base: string, limits: readonly WindowLimit[], mode: LimiterMode): Policy[] {
  return limits.map((limit, index) => {
    const name = index === 0 ? base : `${base}+${index + 1}`;
    return { ...plainPolicy(name, limit, ['IP']), mode: mode === 'report' ? 'REPORT' : 'ENFORCE' };
  });
}

function wordingOf(onDenied: OnDenied, caller: Caller): Wording {
  return ({ policy, limit, window, cost, retryAfter }, coordinate) =>
    onDenied({ caller, coordinate, policy: policy.name, limit, window, cost, retryAfter }) ?? undefined;
}

function reportOf(
  { policies, buckets, selections }: PolicyCharges,
  { reported }: Decision,
  report: Report,
): void {
  for (const { selection, bucket } of reported) {
    const [policy, rule] = [policies[bucket], buckets[bucket]?.rule];
    const charge = selections[selection]?.charges.find((each) => each.bucket === bucket);
    if (policy === undefined || rule === undefined || charge === undefined) continue;
    report({ policy, limit: rule.limit, window: rule.duration / 1000, cost: charge.cost });
  }
}
