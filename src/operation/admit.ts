import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import { clientError } from '../errors.ts';
import { type Admission, type Limiter, PlanTooLarge } from '../rate-limit/index.ts';
import { type AnswerCache, cacheRequestOf, type LookUp } from '../response-cache/index.ts';
import { mapMaybePromise, recover } from '../util/promises.ts';
import { invalid } from './prepare.ts';
import type { Admitted, Invalid, Prepared, Rejected } from './stages.ts';

export interface AdmitOptions {
  readonly limiter: Limiter;
  readonly cache: AnswerCache;
}

/** Has limits decide on an operation, and takes what its allowed selections cost. */
export type Admit = (prepared: Prepared) => MaybePromise<Admitted | Rejected | Invalid>;

export function createAdmit(options: AdmitOptions): Admit {
  return (prepared) =>
    recover<Admitted | Rejected | Invalid>(
      () => admit(options, prepared),
      (error) => {
        if (!(error instanceof PlanTooLarge)) throw error;
        return invalid([clientError('GRAPHQL_VALIDATION_FAILED', error.message)]);
      },
    );
}

function admit({ limiter, cache }: AdmitOptions, prepared: Prepared): MaybePromise<Admitted | Rejected> {
  if (!limiter.limits.someAreFree) return decide(limiter, cache, prepared, false, undefined);
  const lookUp = lookUpFor(cache, prepared);
  return mapMaybePromise(lookUp?.answer, (answer) =>
    decide(limiter, cache, prepared, cache.isGood(answer), lookUp),
  );
}

function decide(
  limiter: Limiter,
  cache: AnswerCache,
  prepared: Prepared,
  isHit: boolean,
  lookUp: LookUp | undefined,
): MaybePromise<Admitted | Rejected> {
  const { operation, request, variables, cost } = prepared;
  const { values } = variables;
  const plan = operation.limitPlan.selections(values);
  const admission = limiter.admit({ plan, variables: values, cost, caller: request.caller, isHit });
  if (!isPromise(admission)) return admitted(prepared, admission, lookUp);
  // Who has to wait for the limiter's store asks that of the answers in the same round trip.
  const meanwhile = lookUp ?? lookUpFor(cache, prepared);
  return admission.then((decided) => admitted(prepared, decided, meanwhile));
}

function admitted(prepared: Prepared, admission: Admission, lookUp: LookUp | undefined): Admitted | Rejected {
  const { rejection } = admission;
  if (rejection !== undefined) {
    admission.cancel();
    return { kind: 'rejected', rejection, admission };
  }
  admission.awaitResult();
  return { kind: 'admitted', prepared, admission, lookUp };
}

/** Asks for the kept answer ahead of its turn. */
function lookUpFor(cache: AnswerCache, { operation, read, request, isStream }: Prepared): LookUp | undefined {
  const asked = isStream ? undefined : cacheRequestOf(operation, read.variables, request);
  return asked && cache.lookUp(asked);
}
