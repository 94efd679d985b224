import {
  type DocumentNode,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { createPlanner } from '../../../src/rate-limit/plan/planner.ts';
import type { Selection, SelectionPlan } from '../../../src/rate-limit/plan/selection-plan.ts';
import type { Decisions } from './random.ts';
import { type RandomDocument, randomDocument } from './random-document.ts';
import { definitionOf, type RandomSchema, randomSchema, type Shape } from './random-schema.ts';
import { describeAsked, identityOf, type Spy, spyOn } from './spy.ts';

const rules = specifiedRules.filter(
  (rule) => rule !== NoUnusedFragmentsRule && rule !== NoUnusedVariablesRule,
);

/** A random operation on a random schema, and its plan. */
export interface RandomCase extends RandomDocument {
  readonly schema: RandomSchema;
  readonly document: DocumentNode;
  readonly plan: SelectionPlan;
  readonly coerced: Readonly<Record<string, unknown>>;
  /** What the selection asks for, as a spy tells it. */
  readonly tell: (selection: Selection) => string;
  readonly spy: (shape: Shape) => Spy;
}

/** @returns undefined if the document is not valid */
export function randomCase(decide: Decisions): RandomCase | undefined {
  const schema = randomSchema(decide);
  const random = randomDocument(decide, schema);
  const document = parse(random.source);
  const limited = new Set(schema.limited.keys());
  const spy = (shape: Shape): Spy => spyOn(definitionOf(schema, shape), limited);
  const original = spy('original').schema;
  if (validate(original, document, rules).length > 0) return undefined;

  const operation = getOperationAST(document, random.operationName);
  if (operation == null) throw new TypeError('The document has no such operation.');
  const { coerced } = getVariableValues(original, operation.variableDefinitions ?? [], random.variables);
  if (coerced === undefined) throw new TypeError('The variables do not fit.');
  const planner = createPlanner(original, limited, (coordinate) => schema.limited.get(coordinate) ?? []);
  return {
    ...random,
    schema,
    document,
    coerced,
    plan: planner(document, operation).selections(coerced),
    spy,
    tell: (selection) =>
      describeAsked(identityOf(selection), getArgumentValues(selection.field, selection.node, coerced)),
  };
}
