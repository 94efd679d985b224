import { describe, expect, it } from 'vitest';
import { hit, stored } from '../../support/cache-status.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { leftIn, look, startCached, statusOf, tell, valueIn } from '../../support/fixtures/kept-fields.ts';
import { as } from '../../support/self-declared.ts';

const admin = as({ user: 'root', tiers: 'ADMIN' });
const paid = as({ user: 'paid', tiers: 'FREE,PAID' });
const fetched = 'sluice; fwd=request; stored';
const unkept = 'sluice; fwd=request';

function asking(directive: string, caller: Record<string, string> = {}): Record<string, string> {
  return { ...caller, 'cache-control': directive };
}

describeEngines((start) => {
  describe('Cache-Control of a request', () => {
    it.each(['no-cache', 'max-age=0', 'No-Cache, max-age=0'])(
      'with %s has an administrator’s answer made anew, and kept for everybody',
      async (directive) => {
        const app = await startCached(start);
        const old = await look(app, '{ open }');
        app.clock.advance(30);
        app.text = 'new';
        for (const send of [look, tell]) {
          const fresh = await send(app, '{ open }', asking(directive, admin));
          expect([statusOf(fresh), valueIn(fresh, 'open')]).toEqual([fetched, 'new']);
          expect(fresh.headers).toMatchObject({ 'cache-control': 'public, max-age=60' });
          expect(fresh.headers.age).toBeUndefined();
        }
        const kept = await look(app, '{ open }', { 'if-none-match': old.headers.etag ?? '' });
        expect([kept.status, statusOf(kept), valueIn(kept, 'open')]).toEqual([200, hit, 'new']);
        expect(app.runs).toBe(3);
      },
    );

    it('with no-store has an administrator’s answer made anew, and leaves what is kept as it is', async () => {
      const app = await startCached(start);
      const unstored = await look(app, '{ open }', asking('no-store', admin));
      expect([statusOf(unstored), unstored.headers['cache-control']]).toEqual([unkept, 'no-store']);
      expect(unstored.headers.etag).toBeUndefined();
      expect(statusOf(await look(app, '{ open }'))).toBe(stored);
      app.text = 'new';
      const fresh = await look(app, '{ open }', asking('no-cache, no-store', admin));
      expect([statusOf(fresh), valueIn(fresh, 'open')]).toEqual([unkept, 'new']);
      const kept = await look(app, '{ open }');
      expect([statusOf(kept), valueIn(kept, 'open')]).toEqual([hit, 'Grüße, 世界 🌊']);
    });

    it.each(['no-cache', 'no-store', 'max-age=0'])(
      'with %s makes no difference to what others are given',
      async (directive) => {
        const app = await startCached(start);
        for (const caller of [{}, paid, as({ user: 'ada', tiers: 'USER' })]) {
          await look(app, '{ open }', asking(directive, caller));
          const kept = await look(app, '{ open }', asking(directive, caller));
          expect(statusOf(kept)).toBe(hit);
          expect(kept.headers['cache-control']).toBe('public, max-age=60');
        }
        expect(app.runs).toBe(1);
      },
    );

    it.each([
      ['only administrators', undefined, [fetched, hit]],
      ['the tiers that are configured', 'PAID,STAFF', [hit, fetched]],
      ['nobody, where it is off', 'off', [hit, hit]],
    ])('is followed for %s', async (_title, tiers, statuses) => {
      const env = tiers === undefined ? {} : { CACHE_BYPASS_TIERS: tiers };
      const app = await startCached(start, { env });
      await look(app, '{ open }');
      const replies = [];
      for (const who of [admin, paid]) replies.push(await look(app, '{ open }', asking('no-cache', who)));
      expect(replies.map(statusOf)).toEqual(statuses);
    });

    it.each(['no-cache', 'no-store'])('with %s costs what an answer costs', async (directive) => {
      const app = await startCached(start, { env: { CACHE_BYPASS_TIERS: 'PAID' } });
      const replies = [];
      for (let count = 0; count < 4; count += 1) {
        replies.push(await look(app, '{ limited }', asking(directive, paid)));
      }
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(replies.map(leftIn)).toEqual(['2', '1', '0', '0']);
      expect(app.runs).toBe(3);
    });

    it('with no-cache does not touch the PRIVATE answers of others', async () => {
      const app = await startCached(start);
      await look(app, '{ mine }', paid);
      const own = await look(app, '{ mine }', asking('no-cache', admin));
      expect([statusOf(own), valueIn(own, 'mine')]).toEqual([fetched, `${app.text} of root`]);
      const theirs = await look(app, '{ mine }', paid);
      expect([statusOf(theirs), valueIn(theirs, 'mine')]).toEqual([hit, `${app.text} of paid`]);
    });

    it('with no-cache does not keep a failure, nor put out what is kept', async () => {
      const app = await startCached(start);
      await look(app, '{ open }');
      app.work = () => Promise.reject(new Error('out of order'));
      const failed = await look(app, '{ open }', asking('no-cache', admin));
      expect([statusOf(failed), valueIn(failed, 'open')]).toEqual([unkept, null]);
      expect(statusOf(await look(app, '{ open }'))).toBe(hit);
    });

    it.each(['no-cache', 'no-store'])('with %s shows a failure, and no old answer', async (directive) => {
      const app = await startCached(start);
      await look(app, '{ sturdy }');
      app.work = () => Promise.reject(new Error('out of order'));
      for (const seconds of [0, 61]) {
        app.clock.advance(seconds);
        const failed = await look(app, '{ sturdy }', asking(directive, admin));
        expect([statusOf(failed), valueIn(failed, 'sturdy')]).toEqual([unkept, null]);
      }
    });
  });
});
