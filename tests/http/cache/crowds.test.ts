import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import type { Start, TestAppOptions } from '../../support/app.ts';
import { stored } from '../../support/cache-status.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import {
  type CachedApp,
  leftIn,
  look,
  startCached,
  statusOf,
  tell,
  valueIn,
} from '../../support/fixtures/kept-fields.ts';
import { leftOf } from '../../support/fixtures/limited-fields.ts';
import { post } from '../../support/requests.ts';
import { as, selfDeclared } from '../../support/self-declared.ts';

interface CrowdedApp extends CachedApp {
  readonly go: (text: string) => void;
  /** Resolves once so many have been admitted. */
  readonly admitted: (count: number) => Promise<void>;
}

async function startCrowded(start: Start, options: TestAppOptions = {}): Promise<CrowdedApp> {
  const app = await startCached(start, options);
  const gate = Promise.withResolvers<string>();
  app.work = () => gate.promise;
  return Object.assign(app, {
    go: (text: string) => {
      gate.resolve(text);
    },
    admitted: (count: number) =>
      vi.waitFor(async () => {
        expect(await leftOf(app.url, 'all')).toBe(1000 - count);
      }),
  });
}

describeEngines((start) => {
  describe('many who ask for the same at once', () => {
    it('have it made once, and pay each for themselves', async () => {
      const app = await startCrowded(start);
      const people = ['ada', 'bob', 'eve', 'joe', 'kim'];
      const asked = Array.from({ length: 50 }, (_, index) => {
        const who = people[index % people.length] ?? '';
        const send = index % 2 === 0 ? look : tell;
        return send(app, '{ crowded }', as({ user: who })).then((reply) => ({ who, reply }));
      });
      await app.admitted(50);
      app.go('made once');
      const answered = await Promise.all(asked);
      expect(app.runs).toBe(1);
      const statuses = answered.map(({ reply }) => statusOf(reply));
      expect(statuses.filter((status) => status === stored)).toHaveLength(1);
      expect(statuses.filter((status) => status === 'sluice; fwd=miss; collapsed')).toHaveLength(49);
      expect(new Set(answered.map(({ reply }) => reply.text))).toEqual(
        new Set(['{"data":{"crowded":"made once"}}']),
      );
      expect(new Set(answered.map(({ reply }) => reply.headers['cache-control']))).toEqual(
        new Set(['private, max-age=60']),
      );
      const ids = new Set(answered.map(({ reply }) => reply.headers['x-request-id']));
      expect(ids.size).toBe(50);
      for (const each of people) {
        const left = answered.filter(({ who }) => who === each).map(({ reply }) => Number(leftIn(reply)));
        expect(left.toSorted((a, b) => b - a)).toEqual([19, 18, 17, 16, 15, 14, 13, 12, 11, 10]);
      }
    });

    it('are limited each for themselves', async () => {
      const app = await startCrowded(start);
      const asked = Array.from({ length: 22 }, () => tell(app, '{ crowded }', as({ user: 'ada' })));
      const other = tell(app, '{ crowded }', as({ user: 'bob' }));
      await app.admitted(21);
      app.go('x');
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([...Array.from({ length: 20 }, () => 200), 429, 429]);
      expect([(await other).status, app.runs]).toEqual([200, 1]);
    });

    it('are not disturbed when the first of them goes away', async () => {
      const sockets: Socket[] = [];
      const app = await startCrowded(start, {
        identify(request, caller) {
          sockets.push(request.socket);
          return selfDeclared(request, caller);
        },
      });
      const { headers = {}, body } = post({ query: '{ crowded }' });
      const first = httpRequest(`${app.url}/graphql`, { method: 'POST', headers });
      first.on('error', () => undefined).end(body);
      await app.admitted(1);
      const others = [1, 2, 3].map((index) => tell(app, '{ crowded }', as({ user: `user ${index}` })));
      await app.admitted(4);
      first.destroy();
      await vi.waitFor(() => {
        expect(sockets[0]?.destroyed).toBe(true);
      });
      app.go('all the same');
      for (const reply of await Promise.all(others)) {
        expect([reply.status, valueIn(reply, 'crowded')]).toEqual([200, 'all the same']);
        expect(statusOf(reply)).toBe('sluice; fwd=miss; collapsed');
      }
      const later = await look(app, '{ crowded }');
      expect([statusOf(later), app.runs]).toEqual(['sluice; hit; ttl=60', 1]);
    });

    it('make their own where the first of them fails', async () => {
      const app = await startCrowded(start);
      const gate = Promise.withResolvers<undefined>();
      app.work = async () => {
        const isFirst = app.runs === 1;
        await gate.promise;
        if (isFirst) throw new Error('only the first');
        return 'fine';
      };
      const asked = Array.from({ length: 5 }, (_, index) =>
        tell(app, '{ crowded }', as({ user: `user ${index}` })),
      );
      await app.admitted(5);
      gate.resolve(undefined);
      const values = (await Promise.all(asked)).map((reply) => valueIn(reply, 'crowded'));
      expect(values.filter((value) => value === null)).toHaveLength(1);
      expect(values.filter((value) => value === 'fine')).toHaveLength(4);
    });
  });
});
