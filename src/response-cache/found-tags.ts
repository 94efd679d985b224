import type { CacheEntityRecord } from '@envelop/response-cache';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { CachePlan } from './cache-plan.ts';
import type { ChangePlan } from './change-plan.ts';
import { inspect } from './inspect-data.ts';
import { entityTag, membersTag, type Tag, typeTag } from './tags.ts';

/** More objects than this of one type in an answer count as a list of the type. */
const mostEntities = 32;

/** What drops an answer because of the data that is in it, or missing from it. */
export function tagsOfData(
  { singles }: Pick<CachePlan, 'singles'>,
  data: unknown,
  entities: Iterable<CacheEntityRecord>,
): Tag[] {
  if (singles.size === 0) return [];
  const ids = idsByType(entities, new Set([...singles.values()].flat()));
  const tags = Array.from(inspect(data, singles), membersTag);
  for (const [type, found] of ids) {
    if (found.length > mostEntities) tags.push(membersTag(type));
    else tags.push(...found.map((id) => entityTag(type, id)));
  }
  return tags;
}

/**
 * What is dropped because of the objects that a mutation has returned, or has not returned.
 * @param hasNoEffect whether a field with this error has done nothing
 */
export function tagsOfChanges(
  plan: ChangePlan,
  { data, errors = [] }: ExecutionResult,
  entities: Iterable<CacheEntityRecord>,
  hasNoEffect: (error: GraphQLError) => boolean,
): Tag[] {
  const without = new Set(
    errors.flatMap((error) => {
      const [key, ...below] = error.path ?? [];
      return key !== undefined && below.length === 0 && hasNoEffect(error) ? [key] : [];
    }),
  );
  const hasBegun = data !== undefined && [...plan.roots].some((key) => !without.has(key));
  // Where entities were not looked for, the tags of the plan are those of all types.
  const isSearched = data !== null && plan.findsEntities;
  const unknown = isSearched ? inspect(data, plan.places, without) : plan.types;
  if (!hasBegun) return [];
  const changed = [...idsByType(entities, plan.types)].flatMap(([type, ids]) => [
    // It may be new, or belong into other lists than before.
    membersTag(type),
    ...ids.map((id) => entityTag(type, id)),
  ]);
  return [...plan.tags, ...changed, ...Array.from(unknown, typeTag)];
}

function idsByType(
  entities: Iterable<CacheEntityRecord>,
  types: ReadonlySet<string>,
): Map<string, (string | number)[]> {
  const byType = new Map<string, (string | number)[]>();
  for (const { typename, id } of entities) {
    if (id == null || !types.has(typename)) continue;
    const ids = byType.get(typename) ?? [];
    ids.push(id);
    byType.set(typename, ids);
  }
  return byType;
}
