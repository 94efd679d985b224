import {
  getNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import type { SchemaProblem } from '../directives/schema-error.ts';
import type { Policy, PolicyTable } from './policy.ts';

/** Limits that work, but not as whoever declared them may expect: denials that would take the whole answer with them. */
export function warnOfLimits(schema: GraphQLSchema, table: PolicyTable): SchemaProblem[] {
  return [...typesThatNullAll(schema)].flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => {
      const coordinate = `${type.name}.${field.name}`;
      if (!isNonNullType(field.type) || !(table.get(coordinate) ?? []).some(canDeny)) return [];
      const message =
        `The field is limited and of the type ${String(field.type)}, so that a denial would null the whole of ` +
        `"data". Make it nullable: ${String(field.type.ofType)}.`;
      return [{ coordinate, message }];
    }),
  );
}

function canDeny(policy: Policy): boolean {
  return (
    policy.mode === 'ENFORCE' && (policy.limit !== null || policy.tiers.some(({ limit }) => limit !== null))
  );
}

/** The object types of which a null in a non-null field reaches up to `data`: the way to them has nothing nullable. */
function typesThatNullAll(schema: GraphQLSchema): Set<GraphQLObjectType> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const found = new Set(roots.filter((root) => root != null));
  // A set goes on to what is added to it on the way.
  for (const type of found) {
    for (const field of Object.values(type.getFields())) {
      if (!isNeverNull(field.type)) continue;
      const named = getNamedType(field.type);
      if (isObjectType(named)) found.add(named);
      if (isAbstractType(named)) for (const possible of schema.getPossibleTypes(named)) found.add(possible);
    }
  }
  return found;
}

/** Whether neither the field nor, in a list, any of its items may be null. */
function isNeverNull(type: GraphQLOutputType): boolean {
  if (!isNonNullType(type)) return false;
  return isListType(type.ofType) ? isNeverNull(type.ofType.ofType as GraphQLOutputType) : true;
}
