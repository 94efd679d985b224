import type { Plugin } from '@envelop/core';
import { type Cache, useResponseCache } from '@envelop/response-cache';
import { idField } from './entity-types.ts';
import type { CachedExecution, ExecutionOf } from './findings.ts';

/**
 * Finds the objects in the results of operations, by \@envelop/response-cache, which asks for their types and ids
 * besides. Keeping and dropping answers is not its business: it is told that there never is one.
 */
export function useEntities<Context extends object>(executionOf: ExecutionOf<Context>): Plugin<Context> {
  return useResponseCache<Context>({
    // The package types the contexts of all of its options for itself.
    cache: (context) => viewOf(executionOf(context as unknown as Context)),
    enabled: (context) => {
      const { flight, changes } = executionOf(context) ?? {};
      return flight?.request.plan.findsEntities === true || changes?.findsEntities === true;
    },
    // What may be shared has been decided, by the plan. The package is to find entities in all that it is given.
    session: () => 'anybody',
    buildResponseCacheKey: ({ context }) => executionOf(context as Context)?.flight?.request.key ?? '',
    shouldCacheResult: ({ result }) => result.errors === undefined,
    onTtl: () => 1,
    idFields: [idField],
    includeExtensionMetadata: false,
  });
}

/** What the package takes for a cache: it notes the entities for one operation. */
function viewOf(execution: CachedExecution | undefined): Cache {
  const note = (entities: Iterable<{ readonly typename: string; readonly id?: number | string }>): void => {
    if (execution !== undefined) execution.findings.entities = [...entities];
  };
  return {
    get: () => undefined,
    set(_key, _result, entities) {
      note(entities);
    },
    invalidate: note,
  };
}
