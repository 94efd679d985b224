import { describe, expect, it } from 'vitest';
import { clientError } from '../../../../src/errors.ts';
import { ask, askAll, type Body, codes, send } from '../../../support/client.ts';
import { describeEngines } from '../../../support/describe-engines.ts';
import { from } from '../../../support/people.ts';
import { remaining } from '../../../support/told-limits.ts';
import { denied, invalid, invalidRequests, refused } from './invalid.ts';

const valid = '{ product(id: 1) { id } }';

describeEngines((start) => {
  const startWith = (limit: string, env: Record<string, string> = {}) =>
    start({ env: { INVALID_REQUEST_LIMIT: limit, ...env } });

  describe('the limit of invalid requests', () => {
    it('denies the fourth of three, and leaves valid operations alone', async () => {
      const { url } = await startWith('3 per minute');
      await ask(url, valid);
      await remaining(url, 'Query.product');
      expect(await invalidRequests(url, 5)).toEqual([refused, refused, refused, denied, denied]);
      const { status, headers, body } = await ask(url, valid);
      expect({ status, body }).toEqual({ status: 200, body: { data: { product: { id: '1' } } } });
      expect(headers.has('retry-after')).toBe(false);
      expect(await remaining(url, 'Query.product')).toBe(8);
    });

    it('leaves what is known to be valid to its neighbours, and nothing that nobody knows', async () => {
      const { url, clock } = await startWith('3 per minute');
      await ask(url, valid);
      await invalidRequests(url, 4);
      expect((await ask(url, valid)).status).toBe(200);
      const unknown = await ask(url, 'query Other { product(id: 1) { id } }');
      expect([unknown.status, codes(unknown.body)]).toEqual([429, ['RATE_LIMITED']]);
      clock.advance(60);
      expect((await ask(url, 'query Other { product(id: 1) { id } }')).status).toBe(200);
    });

    it('is over after its window, and not a second sooner', async () => {
      const { url, clock } = await startWith('3 per minute');
      await invalidRequests(url, 4);
      clock.advance(59);
      const { headers } = await ask(url, invalid);
      expect(headers.get('retry-after')).toBe('1');
      clock.advance(1);
      expect(await invalidRequests(url, 4)).toEqual([refused, refused, refused, denied]);
    });

    it('may have several windows', async () => {
      const { url, clock } = await startWith('2 per minute; 3 per hour');
      expect(await invalidRequests(url, 3)).toEqual([refused, refused, denied]);
      clock.advance(60);
      expect(await invalidRequests(url, 2)).toEqual([refused, denied]);
      const { headers, body } = await ask(url, invalid);
      expect(headers.get('retry-after')).toBe('3540');
      expect(body.errors).toMatchObject([{ extensions: { policy: 'sluice.invalid+2', window: 3600 } }]);
      clock.advance(3540);
      expect(await invalidRequests(url, 3)).toEqual([refused, refused, denied]);
    });

    it('is 100 per minute where nothing else is configured', async () => {
      const { url } = await start();
      const batch = () => askAll(url, Array<string>(10).fill(invalid));
      const answers = await Promise.all(Array.from({ length: 10 }, batch));
      expect(answers.flat().flatMap(codes)).toEqual(Array(100).fill(refused));
      expect(await invalidRequests(url, 1)).toEqual([denied]);
    });

    it.each([
      ['turned off', 'off', {}],
      ['with limits that only report', '1 per minute', { RATE_LIMIT_MODE: 'report' }],
      ['with limits off', '1 per minute', { RATE_LIMIT_MODE: 'off' }],
    ])('denies nothing %s', async (_title, limit, env) => {
      const { url } = await startWith(limit, env);
      expect(await invalidRequests(url, 5)).toEqual(Array(5).fill(refused));
    });

    it('counts each invalid operation of a batch, and lets the others run', async () => {
      const { url } = await startWith('2 per minute');
      const batch = [invalid, valid, '{', valid, invalid, 'query ($id: ID!) { product(id: $id) { id } }'];
      const { status, headers, body } = await send(
        url,
        batch.map((query) => ({ query })),
      );
      const answers = body as readonly Body[];
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 200, retryAfter: '60' });
      expect(answers.filter(({ data }) => data !== undefined)).toHaveLength(2);
      expect(answers.flatMap(codes).filter((code) => code === denied)).toHaveLength(2);
    });

    it('counts what the context of an application refuses, alone and in a batch', async () => {
      const context = () => {
        throw clientError('FORBIDDEN', 'Not you.');
      };
      const { url } = await start({ env: { INVALID_REQUEST_LIMIT: '2 per minute' }, context });
      expect(codes((await ask(url, valid)).body)).toEqual(['FORBIDDEN']);
      const answers = await askAll(url, [valid, valid]);
      expect(answers.flatMap(codes).toSorted()).toEqual(['FORBIDDEN', denied]);
    });

    it('counts a batch that is none once', async () => {
      const { url } = await startWith('2 per minute');
      for (const body of [[], Array(11).fill({ query: valid })])
        expect((await send(url, body)).status).toBe(400);
      expect((await send(url, [[]])).status).toBe(429);
    });

    it('admits no more than it allows of requests that race', async () => {
      const { url } = await startWith('3 per minute');
      const all = await Promise.all(Array.from({ length: 20 }, () => invalidRequests(url, 1)));
      expect(all.flat().filter((code) => code === refused)).toHaveLength(3);
    });

    it('counts each address apart', async () => {
      const { url } = await startWith('1 per minute', { TRUST_PROXY: '1' });
      expect(await invalidRequests(url, 2, from('192.0.2.1'))).toEqual([refused, denied]);
      expect(await invalidRequests(url, 2, from('192.0.2.2'))).toEqual([refused, denied]);
    });

    it('counts IPv6 addresses by their network', async () => {
      const { url } = await startWith('1 per minute', { TRUST_PROXY: '1' });
      expect(await invalidRequests(url, 1, from('2001:db8::1'))).toEqual([refused]);
      expect(await invalidRequests(url, 1, from('2001:db8::ffff:0:0:2'))).toEqual([denied]);
      expect(await invalidRequests(url, 1, from('2001:db8:0:1::1'))).toEqual([refused]);
    });

    it('counts by the address also those who are signed in', async () => {
      const { url, adminKey = '' } = await startWith('1 per minute');
      const headers = { 'x-api-key': adminKey };
      expect(await invalidRequests(url, 1, headers)).toEqual([refused]);
      expect(await invalidRequests(url, 1)).toEqual([denied]);
    });

    it('tells a guesser of keys no more once it is used up', async () => {
      const { url, adminKey = '' } = await startWith('2 per minute');
      await ask(url, valid);
      const guess = (key: string) => ask(url, valid, { headers: { 'x-api-key': key } });
      const statuses = [];
      for (const key of ['slk_a', 'slk_b', 'slk_c']) statuses.push((await guess(key)).status);
      expect(statuses).toEqual([401, 401, 429]);
      expect((await guess(adminKey)).status).toBe(200);
    });

    it('denies with 200 where REJECT_STATUS says so', async () => {
      const { url } = await startWith('1 per minute', { REJECT_STATUS: '200' });
      await invalidRequests(url, 1);
      const { status, body } = await ask(url, invalid);
      expect({ status, codes: codes(body) }).toEqual({ status: 200, codes: [denied] });
      const newer = { headers: { accept: 'application/graphql-response+json' } };
      expect((await ask(url, invalid, newer)).status).toBe(429);
    });

    it.each([
      ['lots', /INVALID_REQUEST_LIMIT.*"lots" is not a limit\. Write it like "10 per minute"/s],
      ['10 per fortnight', /INVALID_REQUEST_LIMIT.*unknown unit "fortnight"\. Use one of second, minute/s],
      ['10 per 0 minutes', /INVALID_REQUEST_LIMIT.*A window is 1 second to 366 days/s],
    ])('stops the start where it is %j', async (limit, message) => {
      await expect(startWith(limit)).rejects.toThrow(message);
    });
  });
});
