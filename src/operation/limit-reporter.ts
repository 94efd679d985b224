import {
  type Admission,
  costExtension,
  type HeaderField,
  type HeaderStyle,
  limitExtension,
  limitFields,
} from '../rate-limit/index.ts';
import type { Clock } from '../util/clock.ts';
import type { OperationResponse } from './response.ts';

/** What responses tell of limits. */
export interface LimitReporter {
  /** The header fields of a response to operations with these decisions. */
  fields(admissions: readonly Admission[]): readonly HeaderField[];
  /** The response, and what it tells of the limits of its operation where that is wanted. */
  extend<Response extends OperationResponse>(response: Response, admission: Admission | undefined): Response;
}

export interface LimitReporterOptions {
  readonly style: HeaderStyle;
  /** Whether responses tell of the limits they were under. */
  readonly withExtension: boolean;
  /** Whether they tell of what their operation cost, and the most that it may; undefined: not at all. */
  readonly tellsCostOf?: number | undefined;
  readonly clock: Clock;
}

const none: readonly HeaderField[] = [];

export function createLimitReporter({
  style,
  withExtension,
  tellsCostOf,
  clock,
}: LimitReporterOptions): LimitReporter {
  return {
    fields(admissions) {
      const [first] = admissions;
      if (first === undefined) return none;
      const isOne = admissions.length === 1;
      const states = isOne ? first.states : admissions.flatMap((each) => each.states);
      if (states.length === 0) return none;
      return limitFields({ states, retryAfter: longestWait(admissions), now: clock.now(), style });
    },

    extend(response, admission) {
      if (admission === undefined || (!withExtension && tellsCostOf === undefined)) return response;
      const { states, cost } = admission;
      const told = {
        ...(withExtension && states.length > 0 && { rateLimit: limitExtension(states) }),
        ...(tellsCostOf !== undefined &&
          cost !== undefined && { cost: costExtension(cost, tellsCostOf, states) }),
      };
      if (Object.keys(told).length === 0) return response;
      return { ...response, extensions: { ...response.extensions, ...told } };
    },
  };
}

function longestWait(admissions: readonly Admission[]): number | undefined {
  let longest: number | undefined;
  for (const { retryAfter } of admissions) {
    if (retryAfter !== undefined) longest = Math.max(longest ?? 0, retryAfter);
  }
  return longest;
}
