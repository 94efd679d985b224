import type { GraphQLObjectType } from 'graphql';
import type { CollectedField, Scope } from './collect.ts';
import type { TypeSet } from './type-sets.ts';

/** Types that ask for one name in the response through the same field nodes. */
export interface TypeGroup {
  readonly types: TypeSet;
  /** In document order, one at least. */
  readonly fields: readonly [CollectedField, ...CollectedField[]];
}

/** Divides the types of a place by which of the fields, all of one name in the response, they ask for. */
export function groupTypes(
  { typeSets, budget }: Pick<Scope, 'typeSets' | 'budget'>,
  fields: readonly CollectedField[],
): TypeGroup[] {
  const [first, ...others] = fields;
  if (first === undefined) return [];
  if (others.every(({ types }) => types === first.types)) {
    return [{ types: first.types, fields: [first, ...others] }];
  }

  const askedBy = new Map<GraphQLObjectType, number[]>();
  fields.forEach(({ types }, index) => {
    budget.countSteps(types.size);
    for (const type of types) {
      const indices = askedBy.get(type);
      if (indices === undefined) askedBy.set(type, [index]);
      else indices.push(index);
    }
  });
  const groups = Map.groupBy(askedBy, ([, indices]) => indices.join());
  return [...groups.values()].flatMap((members) => {
    const [head, ...tail] = (members[0]?.[1] ?? []).flatMap((index) => fields[index] ?? []);
    const types = typeSets.of(members.map(([type]) => type));
    return head === undefined ? [] : [{ types, fields: [head, ...tail] }];
  });
}
