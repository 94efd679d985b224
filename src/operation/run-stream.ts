import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { mapMaybePromise, recover } from '../util/promises.ts';
import type { OperationContext } from './context.ts';
import { enter } from './enter.ts';
import type { GraphQLParams } from './graphql-params.ts';
import { contextOf, type RunOptions } from './run.ts';
import type { OperationResult } from './run-result.ts';
import { type Admitted, executingOf, type IdentifiedRequest, StageHolder } from './stages.ts';

/**
 * Has an operation whose response leaves as it comes be executed and sent, with what limits have decided on it in its
 * context. One that is not let in has a result.
 */
export function runStream(
  options: RunOptions,
  request: IdentifiedRequest,
  params: GraphQLParams,
  delivery: 'events' | 'parts',
  send: (context: OperationContext) => Promise<undefined>,
): MaybePromise<OperationResult | undefined> {
  return enter(options, request, params, { delivery }, (admitted) =>
    mapMaybePromise(openStream(options, admitted), send),
  );
}

function openStream(options: RunOptions, admitted: Admitted): MaybePromise<OperationContext> {
  const { lifetimes } = options;
  const stage = executingOf(admitted);
  const lifetime = lifetimes.openStream(admitted.prepared);
  return recover(
    () => contextOf(options, stage, new StageHolder(stage, lifetime)),
    (error) => {
      lifetimes.close(lifetime);
      throw error;
    },
  );
}
