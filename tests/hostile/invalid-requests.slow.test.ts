import { describe, expect, it } from 'vitest';
import { describeEngines } from '../support/describe-engines.ts';
import { ofAny, sendOften } from './refused.ts';

describeEngines((start) => {
  describe('of what is no good there may be a hundred from an address in a minute, such as', () => {
    it.each(ofAny)('%s', async (_title, request, status, code) => {
      const { url } = await start();
      const told = [status, code];
      const after = [429, 'RATE_LIMITED'];
      expect(await sendOften(url, request)).toEqual({ first: told, last: told, after });
    });
  });
});
