import { describe, expect, it } from 'vitest';
import { ask, codes } from '../support/client.ts';
import { growth } from '../support/count-work.ts';
import { describeEngines } from '../support/describe-engines.ts';

const all = '__schema { types { name fields { name args { name } type { name } } } }';
const env = { INVALID_REQUEST_LIMIT: 'off' };

function aliases(count: number, field: string): string {
  return Array.from({ length: count }, (_, index) => `a${index}: ${field}`).join(' ');
}

function typesOfTypes(depth: number): string {
  return `{ __schema { types { ${'fields { type { '.repeat(depth)}name${' } }'.repeat(depth)} } } }`;
}

describeEngines((start) => {
  describe('introspection', () => {
    it('takes no more than twice the work to refuse under twice as many names', async () => {
      const { url } = await start({ env: { ...env, MAX_COST: '500' } });
      let salts = 0;
      const grown = await growth([30, 60, 120, 240], (count) =>
        ask(url, `query s${salts++} { ${aliases(count, all)} }`),
      );
      expect(Math.max(...grown)).toBeLessThan(2.3);
      expect(codes((await ask(url, `{ ${aliases(30, all)} }`)).body)).toEqual(['COST_EXCEEDED']);
    });

    it('of types of types is not valid, and takes no more than twice the work for twice as deep', async () => {
      const { url } = await start({ env: { ...env, DOCUMENT_DEPTH: '500' } });
      const found = [];
      for (const depth of [3, 6, 12, 24, 48])
        found.push(...codes((await ask(url, typesOfTypes(depth))).body));
      expect(found).toEqual(Array.from({ length: 5 }, () => 'GRAPHQL_VALIDATION_FAILED'));
      const grown = await growth([6, 12, 24, 48], (depth) => ask(url, typesOfTypes(depth)));
      expect(Math.max(...grown)).toBeLessThan(2.3);
    });

    it('is let in no further than the bounds, however often it is asked for', async () => {
      const { url } = await start({ env });
      const told = [];
      for (const count of [1, 10, 40, 80, 160, 240]) {
        const { body } = await ask(url, `{ ${aliases(count, all)} }`);
        told.push(body.errors === undefined ? 'let in' : codes(body)[0]);
      }
      expect(told[0]).toBe('let in');
      expect(told.at(-1)).toBe('COST_EXCEEDED');
    });
  });
});
