import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Caller } from '../caller/caller.ts';
import type { Clock } from '../util/clock.ts';
import { mapMaybePromise } from '../util/promises.ts';
import type { Admission } from './admission.ts';
import type { Attempt, Exempt, PolicyCharges } from './charging.ts';
import { plainPolicy, type Policy, wholeOperation, type WindowLimit } from './policy.ts';
import type { Decision } from './store.ts';
import { UsedUp } from './used-up.ts';

/** Limits on requests, by their addresses, whatever they ask for. */
export interface RequestLimits {
  /** Counts a request that never became an operation; rejected once there were too many from the caller's address. */
  admitInvalid(caller: Caller): MaybePromise<Admission>;
  /**
   * The rejection of what an address sends that is not known to be valid, where it is known to have used up its limit on
   * invalid requests; undefined while it may send more. Nothing is counted, and no store is asked.
   */
  refusalOf(caller: Caller): Admission | undefined;
  /** Whether that would reject a request from an address, whoever sends it. */
  refusesAllFrom(address: string): boolean;
  /** Whether there is any address of which that is known. */
  readonly refusesSome: boolean;
  /** Decides on a request for a page. */
  admitPage(caller: Caller): MaybePromise<Admission>;
}

/** How a limiter decides, as limits on requests need it. */
interface Deciding {
  readonly chargesOf: (policies: readonly Policy[], attempt: Attempt) => PolicyCharges;
  readonly decide: (charges: PolicyCharges) => MaybePromise<Decision>;
  readonly conclude: (attempt: Attempt, charges: PolicyCharges, decision: Decision) => Admission;
}

export interface RequestLimitsOptions {
  /** Whether what is over a limit is rejected, and not only reported. */
  readonly enforces: boolean;
  readonly invalidLimits: readonly WindowLimit[];
  readonly pageLimits: readonly WindowLimit[];
  readonly exempt: Exempt | undefined;
  readonly clock: Clock;
}

const emptyPlan = { entries: [], roots: [] };

export function createRequestLimits(
  { enforces, invalidLimits, pageLimits, exempt, clock }: RequestLimitsOptions,
  { chargesOf, decide, conclude }: Deciding,
): RequestLimits {
  const invalid = policiesOf('sluice.invalid', invalidLimits, enforces);
  const pages = policiesOf('sluice.pages', pageLimits, enforces);
  const usedUp = new UsedUp(clock);

  function count(policies: readonly Policy[], caller: Caller, learns: boolean): MaybePromise<Admission> {
    const charges = chargesOf(policies, attemptOf(caller));
    return mapMaybePromise(decide(charges), (decision) => {
      if (learns) usedUp.learn(caller.ip, charges, decision);
      return admissionOf(caller, charges, decision);
    });
  }

  /** The one selection that there is stands for the whole request. */
  function admissionOf(caller: Caller, charges: PolicyCharges, decision: Decision): Admission {
    return conclude(attemptOf(caller), charges, { ...decision, rejected: decision.denied[0] });
  }

  function refusalOf(caller: Caller): Admission | undefined {
    if (!usedUp.isSomebody) return undefined;
    const denial = usedUp.denialOf(caller.ip);
    if (denial === undefined || invalid.every((policy) => isExempt(caller, policy))) return undefined;
    return admissionOf(caller, denial.charges, denial.decision);
  }

  function isExempt(caller: Caller, { name: policy }: Policy): boolean {
    return exempt?.({ caller, policy, coordinate: wholeOperation }) === true;
  }

  return {
    admitInvalid: (caller) => refusalOf(caller) ?? count(invalid, caller, enforces),
    refusalOf,
    // Whoever sends it may be exempt.
    refusesAllFrom: (address) => exempt === undefined && usedUp.has(address),
    get refusesSome() {
      return usedUp.isSomebody;
    },
    admitPage: (caller) => count(pages, caller, false),
  };
}

function attemptOf(caller: Caller): Attempt {
  return { plan: emptyPlan, variables: {}, caller };
}

function policiesOf(base: string, limits: readonly WindowLimit[], enforces: boolean): Policy[] {
  return limits.map((limit, index) => {
    const name = index === 0 ? base : `${base}+${index + 1}`;
    return { ...plainPolicy(name, limit, ['IP']), mode: enforces ? 'ENFORCE' : 'REPORT' };
  });
}
