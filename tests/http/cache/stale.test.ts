import { describe, expect, it, vi } from 'vitest';
import { isReachable } from '../../../src/database/database.ts';
import type { Start } from '../../support/app.ts';
import { stored } from '../../support/cache-status.ts';
import { sendPlain } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import {
  type CachedApp,
  leftIn,
  look,
  startCached,
  statusOf,
  tell,
  valueIn,
  write,
} from '../../support/fixtures/kept-fields.ts';
import { leftOf } from '../../support/fixtures/limited-fields.ts';
import { post } from '../../support/requests.ts';
import { as } from '../../support/self-declared.ts';

const old = 'Grüße, 世界 🌊';
const root = as({ user: 'root', tiers: 'ADMIN' });

interface StaleApp extends CachedApp {
  /** Lets those that are at it make what the text is then. */
  readonly go: () => void;
}

/** An app with an answer that is 5 seconds too old, and where a new one takes as long as the test wants. */
async function startStale(start: Start): Promise<StaleApp> {
  const app = await startCached(start);
  await look(app, '{ stale }', as({ user: 'first' }));
  app.clock.advance(65);
  const gate = Promise.withResolvers<undefined>();
  app.work = () => gate.promise.then(() => app.text);
  app.text = 'new';
  app.runs = 0;
  return Object.assign(app, {
    go: () => {
      gate.resolve(undefined);
    },
  });
}

/** Resolves once the answer that is being made is kept. */
async function refreshed(app: CachedApp): Promise<void> {
  await vi.waitFor(async () => {
    expect(statusOf(await look(app, '{ stale }', root))).toBe('sluice; hit; ttl=60');
  });
}

describeEngines((start) => {
  describe('an answer that is stale while it is made anew', () => {
    it('is given at once, and says how stale it is', async () => {
      const app = await startStale(start);
      for (const send of [look, tell]) {
        const reply = await send(app, '{ stale }');
        expect([reply.status, valueIn(reply, 'stale')]).toEqual([200, old]);
        expect(reply.headers).toMatchObject({
          age: '65',
          'cache-status': 'sluice; hit; ttl=-5',
          'cache-control': 'private, max-age=0, stale-while-revalidate=25',
        });
      }
      app.clock.advance(24.999);
      expect(statusOf(await look(app, '{ stale }'))).toBe('sluice; hit; ttl=-29');
      app.go();
      await refreshed(app);
      expect(valueIn(await look(app, '{ stale }'), 'stale')).toBe('new');
    });

    it('is made anew once, however many ask for it', async () => {
      const app = await startStale(start);
      const replies = await Promise.all(Array.from({ length: 20 }, () => look(app, '{ stale }')));
      expect(new Set(replies.map(statusOf))).toEqual(new Set(['sluice; hit; ttl=-5']));
      expect(new Set(replies.map((reply) => valueIn(reply, 'stale')))).toEqual(new Set([old]));
      app.go();
      await refreshed(app);
      expect(app.runs).toBe(1);
    });

    it('is made anew at nobody’s expense', async () => {
      const app = await startStale(start);
      const [first, bob] = [as({ user: 'first' }), as({ user: 'bob' })];
      const reply = await look(app, '{ stale }', bob);
      expect(leftIn(reply)).toBe('49');
      app.go();
      await refreshed(app);
      expect(leftIn(await look(app, '{ stale }', bob))).toBe('48');
      expect(leftIn(await look(app, '{ stale }', first))).toBe('48');
      expect(await leftOf(app.url, 'Query.stale')).toBe(50);
    });

    it('is made anew also for HEAD, for 304 and for an operation of a batch', async () => {
      for (const ask of [
        (app: CachedApp) => look(app, '{ stale }', {}, 'HEAD'),
        (app: CachedApp) => look(app, '{ stale }', { 'if-none-match': '*' }),
        ({ url }: CachedApp) => sendPlain(url, post([{ query: '{ stale }' }, { query: '{ stale }' }])),
      ]) {
        const app = await startStale(start);
        app.go();
        await ask(app);
        await refreshed(app);
        expect(app.runs).toBe(1);
      }
    });

    it('brings nothing of the response to which it is made anew', async () => {
      const app = await startStale(start);
      app.work = ({ headers }) => {
        headers.set('Set-Cookie', 'session=background');
        return app.text;
      };
      expect((await look(app, '{ stale }')).headers['set-cookie']).toBeUndefined();
      await refreshed(app);
      expect((await look(app, '{ stale }')).headers['set-cookie']).toBeUndefined();
    });

    it('stays for its time where it cannot be made anew, and is asked for again', async () => {
      const app = await startStale(start);
      app.work = () => Promise.reject(new Error('out of order'));
      for (let runs = 1; runs <= 3; runs += 1) {
        const reply = await look(app, '{ stale }');
        expect([statusOf(reply), valueIn(reply, 'stale')]).toEqual(['sluice; hit; ttl=-5', old]);
        await vi.waitFor(async () => {
          await look(app, '{ stale }', root);
          expect(app.runs).toBeGreaterThan(runs);
        });
      }
      app.work = () => app.text;
      await refreshed(app);
    });

    it('is not given once its time is over', async () => {
      const app = await startStale(start);
      app.go();
      app.clock.advance(25);
      const reply = await look(app, '{ stale }');
      expect([statusOf(reply), valueIn(reply, 'stale')]).toEqual([stored, 'new']);
    });

    it('is not given after a write, though it was being made anew', async () => {
      const app = await startStale(start);
      await look(app, '{ stale }');
      await vi.waitFor(() => {
        expect(app.runs).toBe(1);
      });
      await write(app, 'written');
      app.work = () => app.text;
      const reply = await look(app, '{ stale }');
      expect([statusOf(reply), valueIn(reply, 'stale')]).toEqual([stored, 'written']);
      app.text = 'too late';
      app.go();
      await app.dispose();
      expect(app.runs).toBe(2);
    });

    it('is not replaced by what was read before a write', async () => {
      const app = await startStale(start);
      const gate = Promise.withResolvers<undefined>();
      const made = Promise.withResolvers<undefined>();
      app.work = async () => {
        const { text } = app;
        await gate.promise;
        made.resolve(undefined);
        return text;
      };
      await look(app, '{ stale }');
      await vi.waitFor(() => {
        expect(app.runs).toBe(1);
      });
      await write(app, 'written');
      gate.resolve(undefined);
      await made.promise;
      app.work = () => app.text;
      await vi.waitFor(async () => {
        expect(statusOf(await look(app, '{ stale }'))).toBe('sluice; hit; ttl=60');
      });
      expect(valueIn(await look(app, '{ stale }'), 'stale')).toBe('written');
    });

    it('is waited for when the app is disposed of, with the database open', async () => {
      const app = await startStale(start);
      const gate = Promise.withResolvers<undefined>();
      let isOpen: boolean | undefined;
      app.work = async () => {
        await gate.promise;
        isOpen = await isReachable(app.db);
        return 'new';
      };
      await look(app, '{ stale }');
      let isDisposed = false;
      const disposed = app.dispose().then(() => (isDisposed = true));
      await vi.waitFor(() => expect(fetch(`${app.url}/health`)).rejects.toThrow());
      expect([isDisposed, app.runs]).toEqual([false, 1]);
      gate.resolve(undefined);
      await disposed;
      expect(isOpen).toBe(true);
    });
  });
});
