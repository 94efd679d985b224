import { describe, expect, it } from 'vitest';
import { run, type RunOptions } from '../../src/operation/run.ts';
import type { IdentifiedRequest } from '../../src/operation/stages.ts';
import { declare } from '../support/declared.ts';
import { runOptions } from '../support/run.ts';

const request: IdentifiedRequest = {
  requestId: 'r',
  method: 'POST',
  caller: { ip: '192.0.2.1', tiers: [] },
  requestCacheControl: undefined,
};

/** Reads no text but in a way that nobody has thought of. */
function failing(): RunOptions {
  const options = runOptions(
    declare('type Query { one: Int }', {}, { invalidLimits: [{ limit: 2, duration: 60 }] }),
  );
  const read = (): never => {
    throw new TypeError('nobody has thought of that');
  };
  return { ...options, documents: { ...options.documents, read } };
}

describe('a text that makes reading go wrong unexpectedly', () => {
  it('is told of as a failure of the server, and counts all the same', async () => {
    const options = failing();
    const told: unknown[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { response } = await run(options, request, { query: `{ one } # ${n}` });
      told.push('errors' in response ? response.errors?.[0]?.extensions?.['code'] : undefined);
    }
    expect(told).toEqual(['INTERNAL_SERVER_ERROR', 'INTERNAL_SERVER_ERROR', 'RATE_LIMITED', 'RATE_LIMITED']);
  });
});
