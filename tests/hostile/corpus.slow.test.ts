import { describe, expect, it } from 'vitest';
import { growth } from '../support/count-work.ts';
import { describeEngines } from '../support/describe-engines.ts';
import { corpus } from './corpus/index.ts';
import { newAddress, send } from './send.ts';

const sizes = [8000, 16_000, 32_000, 64_000];
/** Twice as much may take twice as long; the rest is what is not counted the same each time. */
const mostGrowth = 2.6;

describeEngines((start) => {
  describe.each(Object.entries(corpus))('of %s', (_, shapes) => {
    it.each(shapes)('takes no more than twice the work for twice of $name', async (shape) => {
      const { url } = await start({ env: { TRUST_PROXY: '1' } });
      let salts = 0;
      const grown = await growth(sizes, (size) =>
        send(url, shape.request(size, `s${salts++}`), newAddress()),
      );
      expect(Math.max(...grown)).toBeLessThan(mostGrowth);
    });
  });
});
