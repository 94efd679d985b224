import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chain, type Link } from '../../../src/response-cache/stores/chain.ts';

describe('a chain', () => {
  it('is a list in the order of coming from which any member can go', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(), { nil: undefined })), (steps) => {
        const chain = new Chain<number>();
        let model: Link<number>[] = [];
        for (const [n, removed] of steps.entries()) {
          const link = removed === undefined ? undefined : model[removed % model.length];
          if (link === undefined) model.push(chain.append(n));
          else {
            chain.remove(link);
            model = model.filter((other) => other !== link);
          }
          expect([chain.first, chain.last]).toEqual([model[0], model.at(-1)]);
        }
        for (const link of model) {
          expect(chain.first).toBe(link);
          chain.remove(link);
        }
        expect([chain.first, chain.last]).toEqual([undefined, undefined]);
      }),
    );
  });
});
