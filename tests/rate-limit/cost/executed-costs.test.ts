import fc from 'fast-check';
import {
  getOperationAST,
  getVariableValues,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildSchema } from '../../../src/directives/build-schema.ts';
import { createCostPlanner } from '../../../src/rate-limit/cost/index.ts';
import { type Decisions, decisions } from '../plan/random.ts';
import { randomDocument } from '../plan/random-document.ts';
import { type RandomSchema, randomSchema } from '../plan/random-schema.ts';
import { Shares } from '../plan/shares.ts';
import { randomCosts } from './random-costs.ts';
import { touch, type Touched, type TouchOptions } from './touched.ts';

const rules = specifiedRules.filter(
  (rule) => rule !== NoUnusedFragmentsRule && rule !== NoUnusedVariablesRule,
);

/** A random operation on a random schema, what it costs, and how to execute it. */
function randomCase(decide: Decisions) {
  const outline = decide.chance(50) ? withoutChoices(randomSchema(decide)) : randomSchema(decide);
  const costs = randomCosts(decide, outline);
  const schema = buildSchema(costs.definition, {});
  const { source, operationName, variables } = randomDocument(decide, outline);
  const document = parse(source);
  if (validate(schema, document, rules).length > 0) return undefined;
  const operation = getOperationAST(document, operationName);
  if (operation == null) throw new TypeError('The document has no such operation.');
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  const cost = createCostPlanner(schema, (coordinate) => !coordinate.includes('__'))(document, operation)(
    coerced,
  );
  const execute = (options: Pick<TouchOptions, 'salt' | 'isFull'>): Touched =>
    touch(schema, costs, document, { operationName, variables, ...options });
  return { cost, execute, text: `${costs.definition}\n${source}` };
}

/** The same with an object type in place of each abstract one. */
function withoutChoices({ objects, abstract, ...others }: RandomSchema): RandomSchema {
  const typeOf = (name: string): string => abstract.find((type) => type.name === name)?.possible[0] ?? name;
  const known = objects.map(({ name, fields }) => ({
    name,
    interfaces: [],
    fields: fields.map((field) => ({ ...field, type: typeOf(field.type) })),
  }));
  return { ...others, objects: known, abstract: [] };
}

/** What costs more than it should, by place and coordinate. */
function beyond({ byPlace }: Touched, selections: ReadonlyMap<string, number>): string[] {
  return [...byPlace].flatMap(([key, cost]) => (cost > (selections.get(key) ?? 0) ? [key] : []));
}

describe('what executing an operation touches', () => {
  it('is never more than its cost, and just that where every type is known and lists are full', () => {
    const shares = new Shares();
    const proof = fc.property(decisions, (decide) => {
      const each = randomCase(decide);
      shares.count({ valid: each !== undefined });
      if (each === undefined) return;
      const { cost, execute, text } = each;
      try {
        for (const salt of ['1', '2', '3']) {
          const touched = execute({ salt, isFull: salt !== '3' });
          expect(touched.cost).toBeLessThanOrEqual(cost.cost);
          expect(touched.values).toBeLessThanOrEqual(cost.values);
          expect(beyond(touched, cost.selections)).toEqual([]);
        }
        const touched = execute({ salt: '1', isFull: true });
        if (!touched.hasChoice) {
          expect([touched.cost, touched.values]).toEqual([cost.cost, cost.values]);
          expect(touched.byPlace).toEqual(new Map(cost.selections));
        }
        shares.count({
          'known types': !touched.hasChoice,
          'more than 20 values of known types': !touched.hasChoice && touched.values > 20,
          'a choice of types': touched.hasChoice,
          'exactly the cost in spite of a choice': touched.hasChoice && touched.cost === cost.cost,
          'less than the cost': touched.cost < cost.cost,
          'several selections': touched.byPlace.size > 3,
        });
      } catch (cause) {
        throw new Error(text, { cause });
      }
    });
    fc.assert(proof, { numRuns: 300 });
    const least = {
      valid: 35,
      'known types': 30,
      'more than 20 values of known types': 15,
      'a choice of types': 20,
      'exactly the cost in spite of a choice': 3,
      'less than the cost': 5,
      'several selections': 50,
    };
    expect(shares.belowPercent(least)).toEqual({});
  });
});
