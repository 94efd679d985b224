import {
  type DocumentNode,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { Decisions } from '../rate-limit/plan/random.ts';
import { type RandomDocument, randomDocument } from './random-document.ts';
import { RandomResolvers } from './random-resolvers.ts';
import { type RandomSchema, randomSchema } from './random-schema.ts';

const rules = specifiedRules.filter(
  (rule) => rule !== NoUnusedFragmentsRule && rule !== NoUnusedVariablesRule,
);

/** A random operation on a random schema with random resolvers. */
export interface RandomCase extends RandomSchema, RandomDocument {
  readonly document: DocumentNode;
  /** A different one for each number. */
  readonly rootValue: (number: number) => unknown;
}

/** @returns undefined if the document is not valid */
export function randomCase(decide: Decisions): RandomCase | undefined {
  const random = randomSchema(decide);
  const { schema } = random;
  const wildness = decide.oneOf([0, 0, 2, 6, 20]);
  const resolvers = new RandomResolvers(decide, schema, wildness);
  const written = randomDocument(decide, schema, wildness === 0);
  const document = parse(written.source);
  if (validate(schema, document, rules).length > 0) return undefined;
  return { ...random, ...written, document, rootValue: (number) => resolvers.rootValue(number) };
}
