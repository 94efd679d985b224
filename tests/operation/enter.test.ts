import { describe, expect, it } from 'vitest';
import { run } from '../../src/operation/run.ts';
import { declare } from '../support/declared.ts';
import { runOptions } from '../support/run.ts';

const caller = { ip: '192.0.2.1', tiers: [] };
const request = { requestId: 'r', method: 'POST', caller, requestCacheControl: undefined };

describe('a text that makes something go wrong that nobody expects', () => {
  it('is told of as any failure is, and counts as an invalid request', async () => {
    const declared = declare('type Query { one: Int }', {}, { invalidLimits: [{ limit: 2, duration: 60 }] });
    const options = {
      ...runOptions(declared),
      prepare: () => {
        throw new RangeError('Maximum call stack size exceeded');
      },
    };
    const told = [];
    for (let n = 0; n < 3; n += 1)
      told.push((await run(options, request, { query: `{ one } # ${n}` })).response);
    expect(told).toMatchObject([
      { errors: [{ message: 'Internal server error.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
      { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
      { errors: [{ extensions: { code: 'RATE_LIMITED', policy: 'sluice.invalid' } }] },
    ]);
  });
});
