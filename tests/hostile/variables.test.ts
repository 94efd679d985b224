import { GraphQLScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { TestAppOptions } from '../support/app.ts';
import { ask, type Body, codes, send } from '../support/client.ts';
import { growth } from '../support/count-work.ts';
import { describeEngines, startOn } from '../support/describe-engines.ts';
import { createLog } from '../support/log.ts';

const deep: TestAppOptions = {
  typeDefs: `
    scalar JSON
    input Filter { not: Filter all: [Filter!] }
    type Query {
      count(filter: Filter, list: [Int], json: JSON): Int @cacheControl(maxAge: 60)
      limited(json: JSON): Int @rateLimit(limit: 5, duration: 60, identityArgs: ["json"])
    }
  `,
  resolvers: {
    JSON: new GraphQLScalarType({ name: 'JSON' }),
    Query: { count: () => 1, limited: () => 1 },
  },
  env: { INVALID_REQUEST_LIMIT: 'off' },
};

const withFilter = 'query ($filter: Filter) { count(filter: $filter) }';
const withJson = 'query ($json: JSON) { count(json: $json) }';
const identified = 'query ($json: JSON) { limited(json: $json) }';
const withList = 'query ($list: [Int]) { count(list: $list) }';

/** Written by hand: what is nested this deep `JSON.stringify` cannot write. */
function bodyOf(query: string, name: string, value: string): string {
  return `{"query":${JSON.stringify(query)},"variables":{"${name}":${value}}}`;
}

function objects(levels: number): string {
  return `${'{"not":'.repeat(levels)}null${'}'.repeat(levels)}`;
}

function lists(levels: number): string {
  return `${'['.repeat(levels)}${']'.repeat(levels)}`;
}

const nested: readonly (readonly [title: string, body: (levels: number) => string])[] = [
  ['objects of a recursive type', (levels) => bodyOf(withFilter, 'filter', objects(levels))],
  ['objects of a scalar', (levels) => bodyOf(withJson, 'json', objects(levels))],
  ['lists of a scalar', (levels) => bodyOf(withJson, 'json', lists(levels))],
  ['an argument that a limit counts by', (levels) => bodyOf(identified, 'json', objects(levels))],
  ['a variable that nothing declares', (levels) => bodyOf('{ count }', 'other', lists(levels))],
  ['one of a batch', (levels) => `[${bodyOf(identified, 'json', lists(levels))}]`],
];

function only(body: Body | Body[]): Body {
  return Array.isArray(body) ? (body[0] ?? {}) : body;
}

describeEngines((start) => {
  describe('variables inside each other', () => {
    it.each(nested)('are refused beyond a depth, and nothing goes wrong: %s', async (_, body) => {
      const { log, lines } = createLog();
      const { url } = await start({ ...deep, log });
      for (const levels of [101, 2000, 50_000]) {
        const reply = await send(url, body(levels));
        expect(reply.status).toBe(200);
        expect(only(reply.body).errors).toMatchObject([
          {
            message: expect.stringContaining('DOCUMENT_DEPTH') as string,
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ]);
      }
      expect(lines).toEqual([]);
    });

    it.each(nested)('are taken up to it: %s', async (_, body) => {
      const { url } = await start(deep);
      for (let count = 0; count < 3; count += 1) {
        expect(codes(only((await send(url, body(90))).body))).toEqual([]);
      }
    });

    it('are refused as literals just so', async () => {
      const { url } = await start(deep);
      for (const [query, levels] of [
        [`{ count(filter: ${'{not:'.repeat(2000)}null${'}'.repeat(2000)}) }`, 2000],
        [`{ limited(json: ${lists(4000)}) }`, 4000],
        [`query ($json: JSON = ${lists(4000)}) { limited(json: $json) }`, 4000],
      ] as const) {
        expect(codes((await ask(url, query)).body)).toEqual(['DOCUMENT_TOO_LARGE']);
        expect(levels).toBeGreaterThan(100);
      }
    });

    it('count as invalid requests', async () => {
      const { url } = await start({ ...deep, env: { INVALID_REQUEST_LIMIT: '2 per minute' } });
      const found = [];
      for (let count = 0; count < 3; count += 1) {
        found.push(...codes((await send(url, bodyOf(withFilter, 'filter', objects(2000)))).body));
      }
      expect(found).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT', 'RATE_LIMITED']);
    });
  });

  describe('many values', () => {
    it('are refused beyond a number, whatever they are', async () => {
      const { url } = await start(deep);
      for (const value of ['1', '"a"', '[]', '{"a":1}']) {
        const list = `[${Array.from({ length: 20_000 }, () => value).join(',')}]`;
        const { body } = await send(url, bodyOf(withList, 'list', list));
        expect(codes(body)).toEqual(['BAD_USER_INPUT']);
        expect(body.errors?.[0]?.message).toContain('10000 values');
      }
    });

    it('that are wrong are told of only so often', async () => {
      const { url } = await start(deep);
      const list = `[${Array.from({ length: 9000 }, () => '"a"').join(',')}]`;
      const { body } = await send(url, bodyOf(withList, 'list', list));
      expect(body.errors).toHaveLength(11);
    });

    it.each([
      ['that are right', '1'],
      ['that are wrong', '"a"'],
      ['that are objects', '{"a":1}'],
    ])('%s take no more than twice the work for twice as many', async (_, value) => {
      const { url } = await start(deep);
      const grown = await growth([1000, 2000, 4000, 8000, 16_000], (count) =>
        send(url, bodyOf(withList, 'list', `[${Array.from({ length: count }, () => value).join(',')}]`)),
      );
      expect(Math.max(...grown)).toBeLessThan(2.3);
    });
  });
});

describe('on Yoga variables inside each other', () => {
  const start = startOn('yoga');

  it('are refused in an event stream', async () => {
    const { log, lines } = createLog();
    const { url } = await start({ ...deep, log });
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: bodyOf(identified, 'json', objects(2000)),
    });
    expect(await response.text()).toContain('BAD_USER_INPUT');
    expect(lines).toEqual([]);
  });

  it('are refused in an upload', async () => {
    const { log, lines } = createLog();
    const { url } = await start({ ...deep, log });
    const form = new FormData();
    form.set('operations', bodyOf(identified, 'json', objects(2000)));
    form.set('map', '{}');
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      body: form,
      headers: { accept: 'application/json', 'graphql-preflight': '1' },
    });
    expect(codes((await response.json()) as Body)).toEqual(['BAD_USER_INPUT']);
    expect(lines).toEqual([]);
  });
});
