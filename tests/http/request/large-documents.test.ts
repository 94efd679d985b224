import { describe, expect, it } from 'vitest';
import type { TestAppOptions } from '../../support/app.ts';
import { ask, codes, send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';

const object = (): object => ({});

const recursive: TestAppOptions = {
  typeDefs: `
    type Query { self: Query free: Int f: Int dear: Int @rateLimit(limit: 5) node: Node take(list: [Int]): Int }
    interface Node { self: Node dear: Int }
    type A implements Node { self: Node dear: Int @rateLimit(limit: 5) }
    type B implements Node { self: Node dear: Int @rateLimit(limit: 5) }
  `,
  resolvers: {
    Query: { self: object, free: () => 1, dear: () => 1, node: object, take: () => 1 },
    Node: { __resolveType: () => 'A' },
    A: { self: object, dear: () => 1 },
    B: { self: object, dear: () => 1 },
  },
};

const times = (count: number, write: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => write(index)).join(' ');

/** Fragments each of which says something about the next one; the last of them asks for a leaf. */
const chain = (count: number, on: string, leaf: string, link: (next: string) => string): string =>
  times(count, (index) => {
    const inner = index === count - 1 ? leaf : link(`...F${index + 1}`);
    return `fragment F${index} on ${on} { ${inner} }`;
  });

const twice = (next: string): string => `a: self { ${next} } b: self { ${next} }`;
const byType = (next: string): string => `... on A { a: self { ${next} } } ... on B { b: self { ${next} } }`;

const bombs: readonly (readonly [title: string, query: string])[] = [
  ['2^30 places of a limited field', `{ ...F0 } ${chain(30, 'Query', 'dear', twice)}`],
  ['2^30 places of a field without a limit', `{ ...F0 } ${chain(30, 'Query', 'free', twice)}`],
  ['2^30 places on abstract types', `{ node { ...F0 } } ${chain(30, 'Node', 'dear', byType)}`],
  [
    '2^30 places in an operation that is not asked for',
    `query Q { free } query R { ...F0 } ${chain(30, 'Query', 'free', twice)}`,
  ],
  ['2^30 places in fragments that nothing uses', `{ free } ${chain(30, 'Query', 'free', twice)}`],
  ['10,000 chained fragments', `{ ...F0 } ${chain(10_000, 'Query', 'dear', (next) => `self { ${next} }`)}`],
  ['50,000 aliases', `{ ${times(50_000, (index) => `a${index.toString(36)}:f`)} }`],
  ['100,000 repeated fields', `{ ${'dear '.repeat(100_000)} }`],
  ['10,000 repeated objects', `{ ${'self{free} '.repeat(10_000)} }`],
  ['selection sets nested 1000 deep', `${'{self'.repeat(1000)}{free}${'}'.repeat(1000)}`],
  ['selection sets nested 50,000 deep', `${'{self'.repeat(50_000)}{free}${'}'.repeat(50_000)}`],
  ['lists nested 100,000 deep', `{ take(list: ${'['.repeat(100_000)}${']'.repeat(100_000)}) }`],
  [
    'fragments that spread each other',
    `{ ...F0 } fragment F0 on Query { ...F1 } fragment F1 on Query { ...F0 }`,
  ],
];

describeEngines((start) => {
  describe('a document of 512 KiB or less', () => {
    it.each(bombs)('with %s is refused at once, and another request answered', async (_title, query) => {
      const { url } = await start(recursive);
      const accept = 'application/graphql-response+json';
      const began = performance.now();
      const [{ status, body }, other] = await Promise.all([
        send(url, { query, operationName: query.startsWith('query Q') ? 'Q' : null }, { accept }),
        ask(url, '{ free }'),
      ]);
      expect(performance.now() - began).toBeLessThan(2000);
      expect(status).toBe(400);
      expect(codes(body)[0]).toMatch(/^(GRAPHQL_VALIDATION_FAILED|DOCUMENT_TOO_LARGE)$/);
      expect(body.errors?.[0]?.message.length).toBeLessThan(300);
      expect(body).not.toHaveProperty('data');
      expect(other.body).toEqual({ data: { free: 1 } });
    });

    it('counts as an invalid request where it is too large, again and again', async () => {
      const { url } = await start({ ...recursive, env: { INVALID_REQUEST_LIMIT: '2 per minute' } });
      const query = `{ ...F0 } ${chain(30, 'Query', 'free', twice)}`;
      const found = [];
      for (let count = 0; count < 3; count += 1) found.push(...codes((await ask(url, query)).body));
      expect(found).toEqual(['DOCUMENT_TOO_LARGE', 'DOCUMENT_TOO_LARGE', 'RATE_LIMITED']);
    });

    it('is answered where it is large, but not too large', async () => {
      const { url } = await start(recursive);
      const query = `{ ${times(250, (index) => `a${index}: free`)} }`;
      for (let count = 0; count < 2; count += 1) {
        const { body } = await ask(url, query);
        expect(Object.keys(body.data ?? {})).toHaveLength(250);
      }
    });
  });
});
