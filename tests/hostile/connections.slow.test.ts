import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeEngines } from '../support/describe-engines.ts';

function open(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  return socket;
}

const head = 'Host: localhost\r\n';
const getOf = (query: string): string =>
  `GET /graphql?query=${encodeURIComponent(query)} HTTP/1.1\r\n${head}\r\n`;
const page = `GET /graphql HTTP/1.1\r\n${head}Accept: text/html\r\nAccept-Encoding: identity\r\n\r\n`;
const lastly = `GET /health HTTP/1.1\r\n${head}Connection: close\r\n\r\n`;

/** An app whose one field waits until it is let go on, with the number of those that wait at the same time. */
function gated(answer = 'done') {
  const waiting: (() => void)[] = [];
  let most = 0;
  let arrived = Promise.withResolvers<undefined>();
  const slow = (): Promise<string> => {
    const gate = Promise.withResolvers<string>();
    waiting.push(() => {
      gate.resolve(answer);
    });
    most = Math.max(most, waiting.length);
    arrived.resolve(undefined);
    return gate.promise;
  };
  return {
    options: { typeDefs: 'type Query { slow: String }', resolvers: { Query: { slow } } },
    most: () => most,
    /** Resolves once so many of them have been let go on. */
    finish: async (count: number) => {
      for (let left = count; left > 0;) {
        await arrived.promise;
        arrived = Promise.withResolvers();
        // All that begins in this turn is there by then.
        await new Promise(setImmediate);
        const all = waiting.splice(0);
        left -= all.length;
        for (const goOn of all) goOn();
      }
    },
  };
}

describeEngines((start) => {
  describe('a client that sends many requests at once', () => {
    it('has so many answered at a time, all in their order', async () => {
      const { options, most, finish } = gated();
      const { url } = await start({ ...options, env: { MAX_PIPELINED: '7' } });
      const socket = open(url);
      const requests = Array.from({ length: 450 }, (_, index) =>
        getOf(`query q${index} { a${index}: slow }`),
      );
      socket.write(requests.join('') + lastly);
      const received = text(socket);
      await finish(450);
      const told = [...(await received).matchAll(/"a(\d+)":"done"/g)].map(([, index]) => Number(index));
      expect(told).toEqual(Array.from({ length: 450 }, (_, index) => index));
      expect(most()).toBeLessThanOrEqual(7);
      expect(most()).toBeGreaterThan(1);
    });

    it('has no more begun than it reads', async () => {
      const { options, most, finish } = gated('x'.repeat(4_000_000));
      const env = { MAX_PIPELINED: '4', MAX_UNSENT_BYTES: '1000', WRITE_TIMEOUT: '1000' };
      const { url } = await start({ ...options, env });
      const socket = open(url);
      socket.pause();
      const query = (index: number) => getOf(`query q${index} { slow }`);
      socket.write(Array.from({ length: 100 }, (_, index) => query(index)).join('') + lastly);
      await finish(4);
      // Another client, with whom the same amount of time goes by.
      const other = open(url);
      other.write(lastly);
      await text(other);
      expect(most()).toBeLessThanOrEqual(4);
      const received = text(socket);
      await finish(96);
      expect((await received).match(/"slow":/g)).toHaveLength(100);
    });

    it('gets pages that it does not read from the same few bytes', async () => {
      const { url } = await start({ env: { PAGE_LIMIT: 'off' } });
      const first = open(url);
      first.write(page.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
      await text(first);
      const before = process.memoryUsage();
      const socket = open(url);
      socket.pause();
      socket.write(page.repeat(450));
      const other = open(url);
      other.write(lastly);
      expect(await text(other)).toContain('{"status":"ok"}');
      const after = process.memoryUsage();
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(20_000_000);
      expect(after.heapUsed - before.heapUsed).toBeLessThan(100_000_000);
    });
  });

  describe('a connection is ended', () => {
    const gone = async (socket: Socket) => {
      const began = performance.now();
      const received = await text(socket).catch(() => 'reset');
      expect(performance.now() - began).toBeLessThan(10_000);
      return received;
    };

    it('whose first request does not come', async () => {
      const { url } = await start({ env: { HEADERS_TIMEOUT: '1' } });
      const socket = open(url);
      socket.write(`GET /health HTTP/1.1\r\n${head}`);
      expect(await gone(socket)).toMatch(/^HTTP\/1\.1 408 /);
    });

    it('on which a body takes too long', async () => {
      const { url } = await start({ env: { REQUEST_TIMEOUT: '1' } });
      const socket = open(url);
      socket.write(
        `POST /graphql HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      );
      expect(await gone(socket)).toMatch(/^HTTP\/1\.1 408 /);
    });

    it('that is idle', async () => {
      const { url } = await start({ env: { KEEP_ALIVE_TIMEOUT: '1' } });
      const socket = open(url);
      socket.write(`GET /health HTTP/1.1\r\n${head}\r\n`);
      expect(await gone(socket)).toMatch(/^HTTP\/1\.1 200 /);
    });

    it('that is idle and the oldest, where there are too many', async () => {
      const { url } = await start({ env: { MAX_CONNECTIONS: '3' } });
      const idle = [open(url), open(url), open(url)];
      for (const socket of idle) {
        socket.write(`GET /health HTTP/1.1\r\n${head}\r\n`);
        await once(socket, 'data');
      }
      const [oldest = open(url)] = idle;
      const closed = once(oldest, 'close');
      const another = open(url);
      another.write(lastly);
      expect(await text(another)).toContain('{"status":"ok"}');
      await closed;
    });
  });

  describe('a body that is too large and never comes', () => {
    it('does not hold up the end of the server, and the answer arrives', async () => {
      const app = await start({ env: { BODY_LIMIT: '1024' } });
      const socket = open(app.url);
      socket.write(
        `POST /graphql HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{`,
      );
      const received = text(socket);
      await once(socket, 'readable').catch(() => undefined);
      const began = performance.now();
      await app.dispose();
      expect(performance.now() - began).toBeLessThan(2500);
      expect(await received).toMatch(/^HTTP\/1\.1 413 [^]*PAYLOAD_TOO_LARGE/);
    });
  });
});
