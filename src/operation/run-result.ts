import type { Admission } from '../rate-limit/index.ts';
import type { CacheOutcome } from '../response-cache/index.ts';
import type { OperationResponse } from './response.ts';

/** What a request has come to: the response to its operation, or to each of its batch, and the decisions on them. */
export interface RunResult {
  readonly response: OperationResponse | readonly OperationResponse[];
  readonly admissions: readonly Admission[];
  /** Header fields that resolvers have set, by name. */
  readonly headers?: ReadonlyMap<string, string> | undefined;
  /** Whether nothing but queries was run, so that the response holds no secret made for the client. */
  readonly isQuery?: boolean;
  /** What the cache has to do with it. */
  readonly outcome?: CacheOutcome | undefined;
  /** Whether it is refused because its address has sent too many that were no good. */
  readonly isRefused?: boolean;
}

/** What one operation has come to. */
export interface OperationResult extends RunResult {
  readonly response: OperationResponse;
}
