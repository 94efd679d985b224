import fc from 'fast-check';
import { decisions } from './random.ts';
import { type RandomCase, randomCase } from './random-case.ts';
import { definitionOf } from './random-schema.ts';
import { Shares } from './shares.ts';

/** Proves a property of random operations. Counts what it returns, and how many of them are valid. */
export function forRandomCases(
  numRuns: number,
  property: (each: RandomCase) => Readonly<Record<string, boolean>> | undefined,
): Shares {
  const shares = new Shares();
  const proof = fc.property(decisions, (decide) => {
    const each = randomCase(decide);
    shares.count({ valid: each !== undefined });
    if (each === undefined) return;
    try {
      shares.count(property(each) ?? {});
    } catch (cause) {
      throw new Error(`${definitionOf(each.schema, 'original')}\n${each.source}`, { cause });
    }
  });
  fc.assert(proof, { numRuns });
  return shares;
}
