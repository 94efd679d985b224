import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Start, TestApp } from '../support/app.ts';
import { ask, type Reply } from '../support/client.ts';
import { describeEngines } from '../support/describe-engines.ts';

interface Busy {
  readonly app: TestApp;
  /** The reply to a request that is in flight. */
  readonly reply: Promise<Reply>;
  /** Lets the request in flight finish. */
  readonly finish: () => void;
}

async function startBusy(start: Start, env: Record<string, string> = {}): Promise<Busy> {
  const started = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<string>();
  const slow = (): Promise<string> => {
    started.resolve(undefined);
    return gate.promise;
  };
  const app = await start({ typeDefs: 'type Query { slow: String }', resolvers: { Query: { slow } }, env });
  const reply = ask(app.url, '{ slow }');
  await started.promise;
  return {
    app,
    reply,
    finish() {
      gate.resolve('done');
    },
  };
}

/** A connection on which a request for /ready has begun but not ended. */
async function beginRequest(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  // What comes before it in the same packet is answered once all of the packet has been read.
  socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /ready HTTP/1.1\r\nHost: localhost\r\n');
  await once(socket, 'data');
  return socket;
}

describeEngines((start) => {
  describe('an app that is disposed of', () => {
    it('answers the request in flight, closes its connection, and is gone at once after that', async () => {
      const { app, reply, finish } = await startBusy(start);
      const disposed = app.dispose();
      finish();
      const { headers, body } = await reply;
      expect(body).toEqual({ data: { slow: 'done' } });
      expect(headers.get('connection')).toBe('close');
      await disposed;
    });

    it('takes no new connections', async () => {
      const { app, reply, finish } = await startBusy(start);
      const disposed = app.dispose();
      await expect(fetch(`${app.url}/ready`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
      finish();
      await Promise.all([reply, disposed]);
    });

    it('says that it is draining on connections that were open already', async () => {
      const { app, reply, finish } = await startBusy(start);
      const socket = await beginRequest(app.url);
      const disposed = app.dispose();
      socket.write('\r\n');
      const response = await text(socket);
      expect(response).toMatch(/^HTTP\/1\.1 503 /);
      expect(response).toMatch(/\r\nConnection: close\r\n/);
      expect(response).toContain('{"status":"draining"}');
      finish();
      await Promise.all([reply, disposed]);
    });

    it('may be disposed of twice', async () => {
      const { app, reply, finish } = await startBusy(start);
      const disposals = [app.dispose(), app.dispose()];
      finish();
      await Promise.all([reply, ...disposals]);
      await app.dispose();
    });

    it('cuts what has not finished in time', async () => {
      const { app, reply } = await startBusy(start, { DRAIN_TIMEOUT: '0' });
      const [cut] = await Promise.allSettled([reply, app.dispose()]);
      expect(cut.status).toBe('rejected');
    });
  });
});
