import { describe, expect, it } from 'vitest';
import { ask, askAll, type Body, codes, send } from '../support/client.ts';
import { countWork, growth } from '../support/count-work.ts';
import { describeEngines } from '../support/describe-engines.ts';

let runs = 0;

function many(_: unknown, { first = 10 }: { first?: number }): { id: number }[] {
  runs += 1;
  return Array.from({ length: first }, (__, id) => ({ id }));
}

const people = {
  typeDefs: `
    type Query {
      people(first: Int = 10): [Person!] @listSize(slicingArguments: ["first"])
      pages(first: Int!): Pages @listSize(slicingArguments: ["first"], sizedFields: ["nodes", "edges"])
      found(by: By): Int
    }
    type Person { id: ID! friends(first: Int = 10): [Person!] @listSize(slicingArguments: ["first"]) }
    type Pages { nodes: [Person!] edges: [Edge!] }
    type Edge { node: Person }
    input By { name: String @cost(weight: "0.001") and: [By!] }
  `,
  resolvers: {
    Query: { people: many, pages: () => ({}), found: () => ((runs += 1), 1) },
    Person: { friends: many },
    Pages: { nodes: many, edges: many },
  },
  env: { INVALID_REQUEST_LIMIT: 'off', BATCH_LIMIT: '40' },
};

const largest = 2 ** 31 - 1;

function aliases(count: number, field: string): string {
  return Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');
}

function nested(depth: number, first: number): string {
  return `{ people(first: ${first}) { ${`friends(first: ${first}) { `.repeat(depth)}id${' }'.repeat(depth)} } }`;
}

function valuesIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + 1 + valuesIn(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + valuesIn(item), 0);
}

const tooCostly: readonly (readonly [name: string, text: string])[] = [
  ['large lists under many names', `{ ${aliases(200, 'people(first: 500) { id }')} }`],
  ['a list of more than there can be', `{ people(first: ${largest}) { id } }`],
  ['lists inside each other', nested(40, 10)],
  ['the largest lists inside each other', nested(40, largest)],
  ['what weighs nothing under many names', `{ people(first: 1000) { ${aliases(60, 'id')} } }`],
  ['both lists of a page', '{ pages(first: 6000) { nodes { id } edges { node { id } } } }'],
  [
    'a fragment that is spread often',
    `{ ${aliases(100, 'people(first: 10) { ...F }')} } fragment F on Person { friends { id friends { id } } }`,
  ],
];

describeEngines((start) => {
  describe('an operation that costs too much', () => {
    it.each(tooCostly)('does not run, nor does any part of it: %s', async (_, text) => {
      const { url } = await start(people);
      runs = 0;
      const { body } = await ask(url, text);
      expect(codes(body)).toEqual(['COST_EXCEEDED']);
      expect(body.data).toBeUndefined();
      const { cost, limit } = body.errors?.[0]?.extensions ?? {};
      expect(Number(cost)).toBeGreaterThan(Number(limit));
      expect(runs).toBe(0);
    });

    it('takes no more work to refuse the more it would cost', async () => {
      const { url } = await start(people);
      const refuse = (first: number) =>
        ask(url, 'query ($n: Int) { people(first: $n) { id friends { id } } }', { variables: { n: first } });
      const grown = await growth([1000, 10_000, 100_000, largest], refuse);
      expect(Math.max(...grown)).toBeLessThan(1.2);
    });

    it('takes no more than twice the work to refuse for twice as many fields', async () => {
      const { url } = await start(people);
      let salts = 0;
      const grown = await growth([30, 60, 120, 240], (count) =>
        ask(url, `query s${salts++} { ${aliases(count, 'people(first: 500) { id }')} }`),
      );
      expect(Math.max(...grown)).toBeLessThan(2.3);
    });

    it('takes a small part of the work that the costliest takes which is let in', async () => {
      const { url } = await start(people);
      const asking = (n: number) => () =>
        ask(url, 'query ($n: Int) { people(first: $n) { id } }', { variables: { n } });
      await asking(10)();
      const costliest = await countWork(asking(10_000));
      expect(await countWork(asking(10_001))).toBeLessThan(costliest / 20);
    });
  });

  describe('the values of arguments that weigh', () => {
    const finds = (url: string, fields: number, values: number) => {
      const by = { and: Array.from({ length: values }, () => ({ name: 'a' })) };
      const query = `query ($by: By) { ${aliases(fields, 'found(by: $by)')} }`;
      return send(url, { query, variables: { by } });
    };

    it('take no more than twice the work for twice as many', async () => {
      const { url } = await start(people);
      const grown = await growth([500, 1000, 2000, 4000], (values) => finds(url, 20, values));
      expect(Math.max(...grown)).toBeLessThan(2.3);
    });

    it('take next to no more work where many fields are given them', async () => {
      const { url } = await start(people);
      const grown = await growth([25, 50, 100, 200], (fields) => finds(url, fields, 4000));
      expect(Math.max(...grown)).toBeLessThan(1.5);
    });
  });

  describe('what is let in', () => {
    it.each([
      ['one list', (n: number) => `{ people(first: ${n}) { id } }`],
      [
        'lists under many names',
        (n: number) => `{ ${aliases(Math.ceil(n / 100), 'people(first: 100) { id }')} }`,
      ],
      [
        'lists inside each other',
        (n: number) => `{ people(first: ${Math.ceil(n / 10)}) { friends { id } } }`,
      ],
      ['pages', (n: number) => `{ pages(first: ${n}) { nodes { id } edges { node { id } } } }`],
      ['many names', (n: number) => `{ people(first: 200) { ${aliases(Math.ceil(n / 200), 'id')} } }`],
    ])('never gives more values than the bound: %s', async (_, text) => {
      const { url } = await start({
        ...people,
        env: { ...people.env, MAX_COST: '3000', MAX_VALUES: '8000' },
      });
      const told = [];
      for (const size of [500, 1000, 2000, 4000, 8000, 16_000]) {
        const { body } = await ask(url, text(size));
        expect(valuesIn(body.data)).toBeLessThanOrEqual(8000);
        told.push(...(body.errors === undefined ? ['let in'] : codes(body)));
      }
      expect(new Set(told)).toEqual(new Set(['let in', 'COST_EXCEEDED']));
    });

    it('is all the operations of a batch together', async () => {
      const { url } = await start({ ...people, env: { ...people.env, MAX_VALUES: '8000' } });
      const batch = Array.from({ length: 40 }, (_, n) => `query s${n} { people(first: 300) { id } }`);
      const bodies: Body[] = await askAll(url, batch);
      expect(bodies.reduce((sum, { data }) => sum + valuesIn(data), 0)).toBeLessThanOrEqual(8000);
      const refused = bodies.filter(({ errors }) => errors?.[0]?.extensions?.['code'] === 'COST_EXCEEDED');
      expect(refused).toHaveLength(40 - Math.floor(8000 / 601));
    });
  });
});
