import { compilePolicies, type Policy } from '../../src/rate-limit/index.ts';
import { buildSchema } from '../../src/schema/build-schema.ts';

/** A policy of 3 units in 60 seconds, but for what a test says. */
export function policy(values: Partial<Policy> = {}): Policy {
  return {
    name: 'test',
    limit: 3,
    duration: 60,
    by: ['USER', 'API_KEY', 'IP'],
    identityArgs: [],
    cost: 1,
    multipliers: [],
    strategy: 'FIXED_WINDOW',
    tiers: [],
    count: 'ATTEMPT',
    onCacheHit: 'CHARGE',
    mode: 'ENFORCE',
    ...values,
  };
}

/** The policies that SDL declares on a field, by default `Query.f`. */
export function policiesIn(typeDefs: string, coordinate = 'Query.f'): readonly Policy[] {
  return compilePolicies(buildSchema(typeDefs, {})).limits.table.get(coordinate) ?? [];
}
