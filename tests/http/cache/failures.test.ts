import { describe, expect, it, vi } from 'vitest';
import { badUserInput, clientError, notFound } from '../../../src/errors.ts';
import type { Start } from '../../support/app.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import {
  type CachedApp,
  codesIn,
  look,
  startCached,
  statusOf,
  tell,
  valueIn,
  write,
} from '../../support/fixtures/kept-fields.ts';
import { leftOf } from '../../support/fixtures/limited-fields.ts';

const old = 'Grüße, 世界 🌊';
const inPlace = (ttl: number) => `sluice; fwd=stale; detail="stale-if-error"; ttl=${ttl}`;
const outOfOrder = (): Promise<never> => Promise.reject(new Error('out of order'));

/** An app with an answer that is 40 seconds too old, and where the next ones fail. */
async function startFailing(start: Start, work: CachedApp['work'] = outOfOrder): Promise<CachedApp> {
  const app = await startCached(start);
  await look(app, '{ sturdy }');
  app.clock.advance(100);
  app.text = 'new';
  app.work = work;
  return app;
}

describeEngines((start) => {
  describe('an old answer', () => {
    it('is given in place of a failure, and says so', async () => {
      const app = await startFailing(start);
      for (const send of [look, tell]) {
        const reply = await send(app, '{ sturdy }', { accept: 'application/graphql-response+json' });
        expect([reply.status, reply.text]).toEqual([200, JSON.stringify({ data: { sturdy: old } })]);
        expect(reply.headers).toMatchObject({
          age: '100',
          'cache-status': inPlace(-40),
          'cache-control': 'private, max-age=0, stale-if-error=260',
        });
      }
      expect(app.runs).toBe(3);
      const { status, text } = await look(app, '{ sturdy }', { 'if-none-match': '*' });
      expect([status, text]).toEqual([304, '']);
      app.work = () => app.text;
      expect(valueIn(await look(app, '{ sturdy }'), 'sturdy')).toBe('new');
    });

    it.each([
      ['BAD_USER_INPUT', () => badUserInput({ text: ['It is bad.'] })],
      ['FORBIDDEN', () => clientError('FORBIDDEN', 'Not for you.')],
      ['NOT_FOUND', () => notFound('It is gone.')],
      ['UNAUTHENTICATED', () => clientError('UNAUTHENTICATED', 'Who are you?')],
      ['RATE_LIMITED', () => clientError('RATE_LIMITED', 'Too many.')],
      ['OWN_CODE', () => clientError('CONFLICT', 'Own.', { code: 'OWN_CODE' })],
    ])('is not given in place of %s', async (code, error) => {
      const app = await startFailing(start, () => Promise.reject(error()));
      const reply = await look(app, '{ sturdy }');
      expect([codesIn(reply), valueIn(reply, 'sturdy')]).toEqual([[code], null]);
      expect(reply.headers).toMatchObject({
        'cache-control': 'no-store',
        'cache-status': 'sluice; fwd=miss',
      });
      expect(reply.headers.age).toBeUndefined();
    });

    it('is not given in place of a limit, nor of what is wrong with the request', async () => {
      const typeDefs = `type Query {
        by(id: Int!): Int @cacheControl(maxAge: 60, staleIfError: 300) @rateLimit(limit: 2, duration: 6000)
      }`;
      const { url, clock } = await start({ typeDefs, resolvers: { Query: { by: () => 1 } } });
      await look({ url }, '{ by(id: 1) }');
      clock.advance(61);
      expect((await look({ url }, '{ by(id: "one") }')).status).toBe(200);
      expect(codesIn(await look({ url }, '{ by(id: "one") }'))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
      expect(codesIn(await look({ url }, 'query ($id: Int!) { by(id: $id) }'))).toEqual(['BAD_USER_INPUT']);
      await look({ url }, '{ by(id: 2) }');
      const limited = await look({ url }, '{ by(id: 1) }');
      expect([limited.status, codesIn(limited)]).toEqual([429, ['RATE_LIMITED']]);
    });

    it('is not given where only some of what went wrong is the server’s fault', async () => {
      const app = await startCached(start);
      await look(app, '{ sturdy both }');
      app.clock.advance(100);
      app.work = () => (app.runs % 2 === 0 ? outOfOrder() : Promise.reject(clientError('FORBIDDEN', 'No.')));
      const mixed = await look(app, '{ sturdy both }');
      expect(codesIn(mixed).toSorted()).toEqual(['FORBIDDEN', 'INTERNAL_SERVER_ERROR']);
      expect(statusOf(mixed)).toBe('sluice; fwd=miss');
      app.work = () => (app.runs % 2 === 0 ? outOfOrder() : app.text);
      expect(statusOf(await look(app, '{ sturdy both }'))).toBe(inPlace(-40));
    });

    it('is not given once its time is over', async () => {
      const app = await startFailing(start);
      app.clock.advance(259.999);
      expect(statusOf(await look(app, '{ sturdy }'))).toBe(inPlace(-299));
      app.clock.advance(0.001);
      const reply = await look(app, '{ sturdy }');
      expect([statusOf(reply), codesIn(reply)]).toEqual(['sluice; fwd=miss', ['INTERNAL_SERVER_ERROR']]);
    });

    it('is not given after a write, whenever the failure comes', async () => {
      const app = await startFailing(start);
      const [begun, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
      app.work = async () => {
        begun.resolve(undefined);
        await gate.promise;
        return outOfOrder();
      };
      const running = look(app, '{ sturdy }');
      await begun.promise;
      await write(app, 'written');
      gate.resolve(undefined);
      for (const reply of [await running, await look(app, '{ sturdy }')]) {
        expect([statusOf(reply), codesIn(reply)]).toEqual(['sluice; fwd=miss', ['INTERNAL_SERVER_ERROR']]);
      }
    });

    it('is not given where nothing says that it may be', async () => {
      const app = await startCached(start);
      await look(app, '{ open }');
      app.clock.advance(60);
      app.work = outOfOrder;
      expect(codesIn(await look(app, '{ open }'))).toEqual(['INTERNAL_SERVER_ERROR']);
    });

    it('is given to all who waited for the one that failed, and says so', async () => {
      const app = await startFailing(start);
      const gate = Promise.withResolvers<undefined>();
      app.work = () => gate.promise.then(outOfOrder);
      const asked = Array.from({ length: 10 }, () => look(app, '{ sturdy }'));
      await vi.waitFor(async () => {
        expect(await leftOf(app.url, 'all')).toBe(989);
      });
      gate.resolve(undefined);
      const replies = await Promise.all(asked);
      expect(app.runs).toBe(2);
      for (const { status, text, headers } of replies) {
        expect([status, text]).toEqual([200, JSON.stringify({ data: { sturdy: old } })]);
        expect(headers['cache-control']).toBe('private, max-age=0, stale-if-error=260');
        expect([headers.age, headers['cache-status']]).toEqual(['100', inPlace(-40)]);
      }
    });

    it('is given in place of an answer that fails past the time in which it may be stale', async () => {
      const app = await startCached(start);
      await look(app, '{ both }');
      app.work = outOfOrder;
      app.clock.advance(75);
      expect(statusOf(await look(app, '{ both }'))).toBe('sluice; hit; ttl=-15');
      app.clock.advance(20);
      await vi.waitFor(() => {
        expect(app.runs).toBe(2);
      });
      const reply = await look(app, '{ both }');
      expect([statusOf(reply), valueIn(reply, 'both')]).toEqual([inPlace(-35), old]);
    });
  });
});
