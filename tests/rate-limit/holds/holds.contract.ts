import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BucketStore } from '../../../src/rate-limit/store.ts';
import { attempts, makeAttempts } from './attempts.ts';

/** The stores of several processes that share their buckets; of a file or a server the same for all runs. */
export type OpenStores = () => readonly BucketStore[];

/**
 * What holds promise on every store, whatever comes between: never is more admitted than could fail within the limit,
 * nobody is denied but for what has failed, and everybody is told.
 */
export function describeHolds(open: OpenStores, { runs }: { readonly runs: number }): void {
  let count = 0;

  describe.each([0, 15, 50, 100])('where %d of a hundred attempts fail', (failing) => {
    it('are exact, and deny nobody because of what is under way', async () => {
      const property = fc.asyncProperty(attempts(failing), async (all) => {
        const wrong: string[] = [];
        const outcomes = await makeAttempts(
          all,
          { stores: open(), run: `${failing}.${(count += 1)}` },
          ({ isAdmitted, model, buckets }) => {
            if (isAdmitted) wrong.push(...model.overfull(buckets).map((key) => `too many in ${key}`));
            else if (!model.isClosed(buckets)) wrong.push('denied while all its buckets may have room');
          },
        );
        expect(outcomes).toHaveLength(all.length);
        expect(wrong).toEqual([]);
        if (failing === 0) expect(outcomes.every(({ isAdmitted }) => isAdmitted)).toBe(true);
      });
      await fc.assert(property, { numRuns: runs });
    });
  });
}
