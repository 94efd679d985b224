import type { Complete } from './complete.ts';
import { failField } from './fail-field.ts';
import type { FieldExecution } from './field-execution.ts';
import { isPromise } from './is-promise.ts';

/** Completes what was returned for a field, once it is there. Throws what is wrong with it before that. */
export function completeField(at: FieldExecution, complete: Complete, value: unknown): unknown {
  const { path } = at;
  const completed = isPromise(value)
    ? value.then((resolved) => complete(at, resolved, path))
    : complete(at, value, path);
  if (!isPromise(completed)) return completed;
  return completed.then(undefined, (error: unknown) => failField(at, error));
}
