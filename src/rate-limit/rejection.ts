import { OperationTypeNode, type ExecutionResult } from 'graphql';
import { isDenied } from './denied.ts';

/**
 * Turns the result of an operation of which nothing could be answered, because limits denied every root selection or a
 * denial made the whole of `data` null, into a rejection: errors without data. Where `data` is null, fields of a
 * mutation may have run all the same, which a rejection would deny.
 */
export function rejectIfAllDenied(result: ExecutionResult, kind: OperationTypeNode): ExecutionResult {
  const errors = result.errors ?? [];
  if (errors.length === 0 || !errors.every(isDenied)) return result;
  if (result.data == null) return kind === OperationTypeNode.MUTATION ? result : { errors };
  const deniedRoots = new Set(errors.filter(({ path }) => path?.length === 1).map(({ path }) => path?.[0]));
  const answered = Object.keys(result.data).some((key) => !deniedRoots.has(key));
  return answered ? result : { errors };
}

/** How long to wait before asking again for everything that was denied, in seconds; undefined if nothing was. */
export function retryAfterOf({ errors = [] }: Pick<ExecutionResult, 'errors'>): number | undefined {
  const waits = errors
    .map(({ extensions }) => extensions['retryAfter'])
    .filter((wait) => typeof wait === 'number');
  return waits.length === 0 ? undefined : Math.max(...waits);
}
