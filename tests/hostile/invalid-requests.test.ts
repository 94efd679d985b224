import { once } from 'node:events';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ask, askAll, type Body, codes, type PlainRequest, send, sendPlain } from '../support/client.ts';
import { countWork, growth } from '../support/count-work.ts';
import { describeEngines, startOn } from '../support/describe-engines.ts';
import { from } from '../support/people.ts';
import { get, post } from '../support/requests.ts';
import { events, known, ofStreams, sendOften, statusAndCode } from './refused.ts';

const refused = [429, 'RATE_LIMITED'];

describeEngines((start) => {
  describe('an address that has sent too much that is no good', () => {
    const usedUp = async (first: readonly string[] = []) => {
      const app = await start({ env: { INVALID_REQUEST_LIMIT: '2 per minute', TRUST_PROXY: '1' } });
      for (const query of first) await ask(app.url, query);
      for (let n = 0; n < 2; n += 1) await ask(app.url, '{ nothing }');
      return app;
    };

    it('has answers to documents that anybody has had one to, and to no others', async () => {
      const { url } = await usedUp([known]);
      expect((await ask(url, known)).body).toEqual({ data: { product: { id: '1' } } });
      expect(codes((await ask(url, `${known} `)).body)).toEqual(['RATE_LIMITED']);
      // Somebody else asks for it.
      expect((await ask(url, `${known} `, { headers: from('192.0.2.1') })).status).toBe(200);
      expect((await ask(url, `${known} `)).status).toBe(200);
    });

    it('is told when to come back, and what it may do then', async () => {
      const { url, clock } = await usedUp();
      clock.advance(20);
      const { status, headers, body } = await ask(url, known);
      expect([status, headers.get('retry-after')]).toEqual([429, '40']);
      expect(headers.get('ratelimit')).toBe('"sluice.invalid";r=0;t=40');
      expect(body.errors).toMatchObject([{ extensions: { policy: 'sluice.invalid', retryAfter: 40 } }]);
      clock.advance(40);
      expect((await ask(url, known)).status).toBe(200);
    });

    it('is not kept out for longer because it goes on', async () => {
      const { url, clock } = await usedUp();
      for (let n = 0; n < 50; n += 1) await ask(url, '{ nothing }');
      clock.advance(60);
      expect((await ask(url, known)).status).toBe(200);
    });

    it('has those of a batch answered that are known', async () => {
      const { url } = await usedUp([known]);
      const [first, second] = await askAll(url, [known, `${known} `]);
      expect([first?.data, second?.errors?.[0]?.extensions?.['code']]).toEqual([
        { product: { id: '1' } },
        'RATE_LIMITED',
      ]);
    });

    it.each<readonly [string, PlainRequest]>([
      ['a batch of which nothing is known', post([{ query: `${known} ` }, { query: `${known}  ` }])],
      [
        'a known document with bad variables',
        post({ query: 'query ($id: ID!) { product(id: $id) { id } }' }),
      ],
      ['a known document by a bad key', post({ query: known }, { 'x-api-key': 'x' })],
      ['a page', get({}, { accept: 'text/html' })],
      ['malformed JSON', post('{')],
      ['PUT', { method: 'PUT' }],
      ['a hash that nobody knows', post({ extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } })],
    ])('is refused %s', async (_title, request) => {
      const { url } = await usedUp([known]);
      expect((await sendPlain(url, request)).status).toBe(429);
    });

    it('is refused what is not known before anybody looks up who asks', async () => {
      let asked = 0;
      const { url } = await start({
        env: { INVALID_REQUEST_LIMIT: '1 per minute' },
        identify(_request, caller) {
          asked += 1;
          return caller;
        },
      });
      await ask(url, known);
      await ask(url, '{ nothing }');
      for (let n = 0; n < 5; n += 1) await ask(url, `{ nothing } # ${n}`);
      expect(asked).toBe(2);
      expect((await ask(url, known)).status).toBe(200);
      expect(asked).toBe(3);
    });

    it('costs for a text of any size what a rejection costs', async () => {
      const { url } = await usedUp();
      let texts = 0;
      const unknown = (bytes: number) => send(url, { query: `{ ${'a '.repeat(bytes / 2)} } # ${texts++}` });
      const sizes = [5000, 50_000, 400_000];
      for (const ratio of await growth(sizes, unknown)) expect(ratio).toBeLessThan(1.2);
      const [small, large] = [await countWork(() => unknown(100)), await countWork(() => unknown(400_000))];
      expect(large / small).toBeLessThan(1.2);
    });

    it('cannot take from its neighbours what they may ask for, whatever it has sent before', async () => {
      const { url } = await start({ env: { INVALID_REQUEST_LIMIT: '100 per minute' } });
      await ask(url, known);
      for (let n = 0; n < 110; n += 1) await ask(url, `{ nothing } # ${n} ${'x'.repeat(90_000)}`);
      expect((await ask(url, known)).body).toEqual({ data: { product: { id: '1' } } });
    });

    it('lets those be that the application exempts', async () => {
      const app = await start({
        env: { INVALID_REQUEST_LIMIT: '1 per minute' },
        keys: { trusted: ['TRUSTED'] },
        exempt: ({ caller, policy }) => policy === 'sluice.invalid' && caller.tiers.includes('TRUSTED'),
      });
      for (let n = 0; n < 2; n += 1) await ask(app.url, '{ nothing }');
      expect((await ask(app.url, known)).status).toBe(429);
      expect((await ask(app.url, known, { headers: app.by.trusted })).status).toBe(200);
    });
  });

  it('a client that leaves amid its body has sent something that is no good', async () => {
    const { url } = await start({ env: { INVALID_REQUEST_LIMIT: '2 per minute' } });
    for (let n = 0; n < 2; n += 1) await leaveAmidBody(url);
    expect(await statusAndCode(url, post({ query: known }))).toEqual(refused);
  });
});

describe('on Yoga', () => {
  const start = startOn('yoga');

  describe('of what is no good there may be a hundred from an address in a minute, such as', () => {
    it.each(ofStreams)('%s', async (_title, request, status, code) => {
      const { url } = await start();
      const told = [status, code];
      expect(await sendOften(url, request)).toEqual({ first: told, last: told, after: refused });
    });
  });

  describe('an address that has sent too much that is no good', () => {
    const usedUp = async () => {
      const { url } = await start({ env: { INVALID_REQUEST_LIMIT: '1 per minute' } });
      await ask(url, known);
      await ask(url, '{ nothing }');
      return url;
    };

    it('has event streams of documents that are known, and no others', async () => {
      const url = await usedUp();
      const reply = await sendPlain(url, post({ query: known }, events));
      expect([reply.status, reply.text.includes('{"data":{"product":{"id":"1"}}}')]).toEqual([200, true]);
      const other = await sendPlain(url, post({ query: `${known} ` }, events));
      expect([other.status, other.headers['content-type']]).toEqual([429, 'application/json; charset=utf-8']);
      expect(codes(JSON.parse(other.text) as Body)).toEqual(['RATE_LIMITED']);
    });

    it('is refused an upload before it is read', async () => {
      const url = await usedUp();
      const socket = await openSocket(url);
      socket.write(
        'POST /graphql HTTP/1.1\r\nHost: localhost\r\nGraphQL-Preflight: 1\r\nConnection: close\r\n' +
          'Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n--x\r\n',
      );
      expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 429 /);
    });
  });
});

async function openSocket(url: string) {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  return socket;
}

/** Begins a request, and is gone once the server has its beginning. */
async function leaveAmidBody(url: string): Promise<void> {
  const socket = await openSocket(url);
  socket.write(
    'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"qu',
  );
  socket.end();
  // The server ends its side once it has heard.
  socket.resume();
  await once(socket, 'close');
}
