import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DenialEvent } from '../../../src/rate-limit/index.ts';
import type { TestAppOptions } from '../../support/app.ts';
import { ask, askAll } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { createLog } from '../../support/log.ts';
import { answered } from '../../support/self-declared.ts';

const typeDefs = `
  type Query {
    f: Int @rateLimit(limit: 3)
    g: Int @rateLimit(limit: 3)
    trial: Int @rateLimit(limit: 1, mode: REPORT)
    costly(first: Int): Int @rateLimit(limit: 5, duration: 10, cost: 2, multipliers: ["first"])
    shop: Shop @rateLimit(limit: 1)
  }
  type Shop { dear: Int @rateLimit }`;
const one = () => 1;
const resolvers = {
  Query: { f: one, g: one, trial: one, costly: one, shop: () => ({}) },
  Shop: { dear: one },
};

describeEngines((start) => {
  const onDenied = vi.fn<(use: DenialEvent) => string | undefined>();
  const denied = () => onDenied.mock.calls.map(([use]) => use);
  const open = (options: TestAppOptions = {}) => start({ typeDefs, resolvers, onDenied, ...options });

  describe('the hook onDenied', () => {
    beforeEach(() => {
      onDenied.mockReset();
    });

    it('is told once of each denied selection, and of nothing else', async () => {
      const { url } = await open();
      expect((await ask(url, '{ a: f b: f c: f trial x: trial g }')).body.errors).toBeUndefined();
      expect(onDenied).not.toHaveBeenCalled();
      await ask(url, '{ f a: f g }');
      const use = { policy: 'Query.f', limit: 3, window: 60, cost: 1, retryAfter: 60_000 };
      const caller = { ip: '127.0.0.1', tiers: ['ANONYMOUS'] };
      expect(denied()).toEqual([
        { ...use, coordinate: 'Query.f', caller },
        { ...use, coordinate: 'Query.f', caller },
      ]);
      onDenied.mockClear();
      await askAll(url, ['{ f }', '{ g }', '{ f }']);
      expect(onDenied).toHaveBeenCalledTimes(2);
    });

    it('is not told of what lies below a denied field, which nobody asks for', async () => {
      const { url } = await open();
      await ask(url, '{ shop { dear } }');
      await ask(url, '{ shop { dear a: dear } g }');
      expect(denied().map(({ coordinate }) => coordinate)).toEqual(['Query.shop']);
    });

    it('gives the client its words', async () => {
      const { url } = await open();
      onDenied.mockImplementation(({ policy, limit }) => `${policy} is ${limit} a minute.`);
      const { body } = await ask(url, '{ a: f b: f c: f d: f }');
      expect(body.errors).toMatchObject([
        {
          message: 'Query.f is 3 a minute.',
          path: ['d'],
          extensions: { code: 'RATE_LIMITED', retryAfter: 60 },
        },
      ]);
      const rejected = await ask(url, '{ f }');
      expect(rejected.status).toBe(429);
      expect(rejected.body.errors).toMatchObject([{ message: 'Query.f is 3 a minute.', path: ['f'] }]);
    });

    it('is told of a cost that can never be had', async () => {
      const { url } = await open();
      onDenied.mockReturnValue('Ask for less.');
      expect((await ask(url, '{ costly(first: 3) }')).body.errors).toMatchObject([
        { message: 'Ask for less.', extensions: { code: 'RATE_LIMIT_COST_EXCEEDED' } },
      ]);
      expect(denied()).toMatchObject([{ cost: 6, limit: 5, window: 10, retryAfter: Infinity }]);
    });

    it('is told of the limit of whole operations, for each field that it denies', async () => {
      const whole = `${typeDefs} extend schema @rateLimit(limit: 1)`;
      const { url } = await open({ typeDefs: whole });
      await ask(url, '{ g }');
      await ask(url, '{ f g shop { dear } }');
      expect(denied()).toMatchObject([
        { policy: 'schema', coordinate: 'Query.f', limit: 1 },
        { policy: 'schema', coordinate: 'Query.g', limit: 1 },
        { policy: 'schema', coordinate: 'Query.shop', limit: 1 },
      ]);
    });

    it('is told once, of no field, of an operation that is refused after too many denials', async () => {
      const { url } = await open({ env: { META_LIMIT: '1 per hour' } });
      await ask(url, '{ a: f b: f c: f d: f }');
      onDenied.mockClear().mockReturnValue('Come back later.');
      expect((await ask(url, '{ f g }')).body.errors).toMatchObject([{ message: 'Come back later.' }]);
      expect(denied()).toMatchObject([{ policy: 'sluice.denials', limit: 1, window: 3600 }]);
      expect(denied()[0]?.coordinate).toBeUndefined();
    });

    it('is not told of anything where limits only report', async () => {
      const { url } = await open({ env: { RATE_LIMIT_MODE: 'report' } });
      expect(await answered(url, 'f')).toBe(12);
      expect(onDenied).not.toHaveBeenCalled();
    });

    it('that throws is logged, and changes nothing', async () => {
      const { log, lines } = createLog();
      const { url } = await open({ log });
      onDenied.mockImplementation(() => {
        throw new Error('no audit');
      });
      const { status, body } = await ask(url, '{ a: f b: f c: f d: f }');
      expect({ status, message: body.errors?.[0]?.message }).toEqual({
        status: 200,
        message: 'Too many requests. Please try again in 60 seconds.',
      });
      expect(lines).toMatchObject([
        { level: 50, err: { message: 'no audit' }, msg: 'the hook onDenied failed' },
      ]);
    });

    it('that is asynchronous changes nothing, and what goes wrong in it is logged', async () => {
      const { log, lines } = createLog();
      const { url } = await open({ log });
      const audit = () => Promise.reject(new Error('no audit'));
      onDenied.mockImplementation(audit as unknown as () => undefined);
      const { body } = await ask(url, '{ a: f b: f c: f d: f }');
      expect(body.errors).toMatchObject([{ message: 'Too many requests. Please try again in 60 seconds.' }]);
      expect(lines).toMatchObject([{ err: { message: 'no audit' }, msg: 'the hook onDenied failed' }]);
    });
  });
});
