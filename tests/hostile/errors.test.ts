import { describe, expect, it } from 'vitest';
import type { TestAppOptions } from '../support/app.ts';
import { ask, type Body, codes, send } from '../support/client.ts';
import { growth } from '../support/count-work.ts';
import { describeEngines } from '../support/describe-engines.ts';
import { from } from '../support/people.ts';

interface Place {
  readonly line: number;
  readonly column: number;
}

const failing: TestAppOptions = {
  typeDefs: `
    type Query {
      free(n: Int): Int
      fails: Int
      broken: Int
      dear: Int @rateLimit(limit: 1, duration: 3600)
      items: [Item!]!
    }
    type Item { fails: Int }
    type Mutation { never(n: Int): Int @rateLimit(limit: 1, duration: 3600, tiers: [{ tier: "ANONYMOUS", limit: 0 }]) }
  `,
  resolvers: {
    Query: {
      free: () => 1,
      fails: () => {
        throw new Error('secret');
      },
      broken: () => 'no number',
      dear: () => 1,
      items: () => Array.from({ length: 50 }, () => ({})),
    },
    Item: {
      fails: () => {
        throw new Error('secret');
      },
    },
  },
  env: { TRUST_PROXY: '1', INVALID_REQUEST_LIMIT: 'off' },
};

/** Where the marked places of a text are, and the text without the marks. */
function marked(text: string): { readonly query: string; readonly places: readonly Place[] } {
  const parts = text.split('^');
  const places = parts.slice(0, -1).map((_, index) => {
    const lines = parts
      .slice(0, index + 1)
      .join('')
      .split(/\r\n|[\n\r]/);
    return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  });
  return { query: parts.join(''), places };
}

function placesIn({ errors = [] }: Body): unknown[] {
  return errors.map((error) => ('locations' in error ? error.locations : undefined));
}

const texts: readonly (readonly [title: string, text: string])[] = [
  ['that a resolver fails', '\n# \u{1f600}\r\n{ free\r  ^fails \n}'],
  ['that a resolver returns something else', 'query A { ...F }\n\nfragment F on Query {\r\n\tfree ^broken }'],
  ['that an item of a list fails', '{\n items { \n ^fails } }'],
  ['that is denied', '\r\r{ a: dear free\n   ^b: dear }'],
  ['without which nothing is left', 'mutation {\n\n ^a: never }'],
  ['that is not there', '{ free\n  ^nothing\n  ^more }'],
  ['of a value that is none', '{ free(n:\n ^"a") }'],
  ['of a variable that is none', 'query (\n ^$n: Int) { free(n: $n) }'],
  ['that a document does not end with', '{ free\n\n^'],
];

describeEngines((start) => {
  describe('the place of an error', () => {
    it.each(texts)('is where it is: of a field %s', async (_, text) => {
      const { url } = await start(failing);
      const { query, places } = marked(text);
      // The first time as graphql-tools executes it, then compiled.
      for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
        const { body } = await ask(url, query, { variables: { n: 'a' }, headers: from(address) });
        const told = [...new Set(placesIn(body).map((each) => JSON.stringify(each)))];
        expect(told).toEqual(places.map((place) => JSON.stringify([place])));
      }
    });
  });

  describe('errors', () => {
    const shapes: readonly (readonly [title: string, selection: string])[] = [
      ['that fail', 'fails'],
      ['that are denied', 'dear'],
      ['that are not there', 'nothing'],
    ];

    it.each(shapes)('of fields %s are placed without a search through the text', async (_, selection) => {
      const { url } = await start(failing);
      let texts = 0;
      const askAfter = (lines: number) => {
        const selections = Array.from({ length: 250 }, (__, index) => `a${index}: ${selection}`).join(' ');
        const query = `${'\n'.repeat(lines)}query Q${texts++} { ${selections} }`;
        return ask(url, query, { headers: from(`192.0.2.${texts}`) });
      };
      const [grown] = await growth([10_000, 80_000], askAfter);
      // The lines themselves have to be gone through once.
      expect(grown).toBeLessThan(4);
    });

    it.each(shapes)(
      'of fields %s take no more than twice the work for twice as many',
      async (_, selection) => {
        const { url } = await start(failing);
        let texts = 0;
        const grown = await growth([30, 60, 120, 240], (count) => {
          const selections = Array.from({ length: count }, (__, index) => `\n a${index}: ${selection}`).join(
            ' ',
          );
          const query = `query Q${texts++} { ${selections} }`;
          return ask(url, query, { headers: from(`192.0.2.${texts}`) });
        });
        expect(Math.max(...grown)).toBeLessThan(2.3);
      },
    );

    it('of a document are few, and say so', async () => {
      const { url } = await start(failing);
      const selections = Array.from({ length: 400 }, (_, index) => `nothing${index}`).join(' ');
      const { body } = await ask(url, `{ ${selections} }`);
      expect(body.errors).toHaveLength(21);
      expect(body.errors?.at(-1)?.message).toContain('Too many validation errors');
      expect(new Set(codes(body))).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
    });

    it('have few places, however many they are about', async () => {
      const { url } = await start(failing);
      const { body } = await ask(url, `query (${'$v: Int '.repeat(1000)}) { free(n: $v) }`);
      expect(placesIn(body)).toEqual([
        Array.from({ length: 10 }, (_, index) => ({ line: 1, column: 9 + index * 8 })),
      ]);
    });

    it.each([
      ['a name', `{ ${'x'.repeat(100_000)} }`],
      ['a value', `{ free(n: "${'x'.repeat(100_000)}") }`],
      ['a variable', `query ($n: Int) { free(n: $n) }`],
      ['a list', `{ free(n: [${'1 '.repeat(5000)}]) }`],
    ])('quote only the beginning of %s', async (_, query) => {
      const { url } = await start(failing);
      const { body } = await ask(url, query, { variables: { n: 'x'.repeat(100_000) } });
      expect(body.errors).toHaveLength(1);
      expect(body.errors?.[0]?.message.length).toBeLessThanOrEqual(501);
    });

    it('quote only the beginning of the name of an operation', async () => {
      const { url } = await start(failing);
      const { body } = await send(url, { query: '{ free }', operationName: 'x'.repeat(100_000) });
      expect(codes(body)).toEqual(['OPERATION_RESOLUTION_FAILURE']);
      expect(body.errors?.[0]?.message.length).toBeLessThanOrEqual(501);
    });
  });
});
