import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { ExecutionArgs } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createExecute } from '../../src/execution/create-execute.ts';
import { Decisions } from '../rate-limit/plan/random.ts';
import { executeAsServers, withoutFurtherErrors } from './as-servers.ts';
import { type RandomCase, randomCase } from './random-case.ts';
import { tell, type Told } from './told.ts';

const tapes = fc.uint8Array({ minLength: 1000, maxLength: 1000, size: 'max' });

interface Executed {
  readonly expected: Told;
  readonly found: Told;
  /** Whether the compiler had it executed by graphql-js. */
  readonly wasLeft: boolean;
}

/** Executes an operation with all of its variables, by graphql-js and compiled. */
async function executeBoth(each: RandomCase): Promise<Executed[]> {
  const { schema, document } = each;
  const compiled = createExecute(schema);
  compiled({ schema, document }, () => 'the first time');
  const executed: Executed[] = [];
  for (const [number, variableValues] of each.variables.entries()) {
    const args = (): ExecutionArgs => ({
      schema,
      document,
      variableValues,
      rootValue: each.rootValue(number),
    });
    let wasLeft = false;
    const expected = await tell(executeAsServers, args());
    const told = await tell(
      (given) =>
        compiled(given, (left) => {
          wasLeft = true;
          return executeAsServers(left);
        }),
      args(),
    );
    executed.push({ expected, found: withoutFurtherErrors(told), wasLeft });
  }
  return executed;
}

describe('compiled execution', () => {
  it('gives what graphql-js gives for any operation on any schema, and calls resolvers as it does', async () => {
    const counts = { executed: 0, left: 0, failed: 0, promised: 0, nulled: 0, calls: 0 };
    const property = fc.asyncProperty(tapes, async (tape) => {
      const each = randomCase(new Decisions(tape));
      if (each === undefined) return;
      for (const { expected, found, wasLeft } of await executeBoth(each)) {
        // The other comparison takes long, but shows what differs.
        if (!isDeepStrictEqual(found, expected)) {
          expect({ source: each.source, sdl: each.sdl, told: found }).toEqual({
            source: each.source,
            sdl: each.sdl,
            told: expected,
          });
        }
        counts.executed += 1;
        counts.left += Number(wasLeft);
        counts.failed += Number(expected.errors.length > 0);
        counts.promised += Number(expected.isPromise);
        counts.nulled += Number(expected.data === null);
        counts.calls += expected.log.length;
      }
    });
    await fc.assert(property, { numRuns: 400 });
    // Of what proves nothing there is little.
    expect(counts.executed).toBeGreaterThan(2000);
    expect(counts.left).toBeLessThan(counts.executed / 10);
    expect(counts.failed).toBeGreaterThan(counts.executed / 5);
    expect(counts.nulled).toBeGreaterThan(counts.executed / 50);
    expect(counts.promised).toBeGreaterThan(counts.executed / 2);
    expect(counts.calls).toBeGreaterThan(10 * counts.executed);
  });
});
