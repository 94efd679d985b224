import { buildSchema } from '../../src/directives/build-schema.ts';
import { compilePolicies, type Policy } from '../../src/rate-limit/index.ts';
import { plainPolicy } from '../../src/rate-limit/policy.ts';

/** A policy of 3 units in 60 seconds, but for what a test says. */
export function policy(values: Partial<Policy> = {}): Policy {
  const plain = plainPolicy('test', { limit: 3, duration: 60 }, ['USER', 'API_KEY', 'IP']);
  return { ...plain, ...values };
}

/** The policies that SDL declares on a field, by default `Query.f`. */
export function policiesIn(typeDefs: string, coordinate = 'Query.f'): readonly Policy[] {
  return compilePolicies(buildSchema(typeDefs, {})).limits.table.get(coordinate) ?? [];
}
