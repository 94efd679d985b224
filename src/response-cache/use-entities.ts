import type { Plugin } from '@envelop/core';
import { type Cache, useResponseCache } from '@envelop/response-cache';
import type { CacheContext } from './cache-context.ts';
import { idField } from './entity-types.ts';

/**
 * Finds the objects in the results of operations, by \@envelop/response-cache, which asks for their types and ids
 * besides. Keeping and dropping answers is not its business: it is told that there never is one.
 */
export function useEntities<Context extends CacheContext>(): Plugin<Context> {
  return useResponseCache<Context>({
    cache: (context) => viewOf(context as unknown as CacheContext),
    enabled: ({ progress: { flight, operation } }) =>
      flight?.request.plan.findsEntities === true || operation?.changes?.findsEntities === true,
    // What may be shared has been decided, by the plan. The package is to find entities in all that it is given.
    session: () => 'anybody',
    buildResponseCacheKey: ({ context }) => (context as CacheContext).progress.flight?.request.key ?? '',
    shouldCacheResult: ({ result }) => result.errors === undefined,
    onTtl: () => 1,
    idFields: [idField],
    includeExtensionMetadata: false,
  });
}

/** What the package takes for a cache: it notes the entities for one operation. */
function viewOf({ progress }: CacheContext): Cache {
  return {
    get: () => undefined,
    set(_key, _result, entities) {
      progress.entities = [...entities];
    },
    invalidate(entities) {
      progress.entities = [...entities];
    },
  };
}
