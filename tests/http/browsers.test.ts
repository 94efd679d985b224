import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ask, type PlainRequest, sendPlain } from '../support/client.ts';
import { describeEngines } from '../support/describe-engines.ts';
import { post } from '../support/requests.ts';

const sandbox = 'https://studio.apollographql.com';
const preflight: PlainRequest = {
  method: 'OPTIONS',
  headers: {
    origin: sandbox,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-api-key',
    'access-control-request-private-network': 'true',
  },
};
const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8';

describeEngines((start) => {
  describe('every response', () => {
    it.each([
      ['an answer', post({ query: '{ __typename }' })],
      ['an error', post('{')],
      ['an unknown path', { method: 'GET', path: '/' }],
      ['a preflight', preflight],
      ['GraphiQL', { method: 'GET', headers: { accept: 'text/html' } }],
      ['a probe', { method: 'GET', path: '/ready' }],
    ])('has an X-Request-Id of its own: %s', async (_title, request) => {
      const { url } = await start();
      const replies = [await sendPlain(url, request), await sendPlain(url, request)];
      const ids = replies.map(({ headers }) => headers['x-request-id']);
      for (const id of ids) expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      expect(new Set(ids).size).toBe(2);
    });
  });

  describe('Apollo Sandbox', () => {
    it('may connect from its own origin to a server on this machine', async () => {
      const { url } = await start();
      const { status, headers, text } = await sendPlain(url, preflight);
      expect({ status, text }).toEqual({ status: 204, text: '' });
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET,HEAD,POST,OPTIONS',
        'access-control-allow-headers': 'content-type,x-api-key',
        'access-control-allow-private-network': 'true',
        'access-control-max-age': '86400',
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    });

    it('can introspect the schema, and read the fields of a response', async () => {
      const { url } = await start();
      const { status, headers, body } = await ask(url, getIntrospectionQuery(), {
        headers: { origin: sandbox },
      });
      expect(status).toBe(200);
      expect(body.errors).toBeUndefined();
      expect(body.data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
      expect(headers.get('access-control-allow-origin')).toBe('*');
      const exposed = headers.get('access-control-expose-headers')?.split(',');
      expect(exposed).toEqual(
        expect.arrayContaining(['Age', 'Cache-Status', 'ETag', 'Retry-After', 'X-Request-Id']),
      );
    });

    it('can read errors', async () => {
      const { url } = await start();
      const { status, headers } = await sendPlain(url, post('{', { origin: sandbox }));
      expect({ status, origin: headers['access-control-allow-origin'] }).toEqual({
        status: 400,
        origin: '*',
      });
    });

    it('is refused where CORS_ORIGINS names others, who are not', async () => {
      const { url } = await start({ env: { CORS_ORIGINS: 'https://app.example,https://other.example' } });
      for (const request of [preflight, post({ query: '{ __typename }' }, { origin: sandbox })]) {
        const { headers } = await sendPlain(url, request);
        expect(headers).not.toHaveProperty('access-control-allow-origin');
        expect(headers.vary).toMatch(/Origin/);
      }
      const allowed = { ...preflight.headers, origin: 'https://other.example' };
      const { headers } = await sendPlain(url, { ...preflight, headers: allowed });
      expect(headers).toMatchObject({
        'access-control-allow-origin': 'https://other.example',
        'access-control-allow-credentials': 'true',
        'access-control-allow-private-network': 'true',
      });
      const answer = await sendPlain(
        url,
        post({ query: '{ __typename }' }, { origin: 'https://app.example' }),
      );
      expect(answer.headers['access-control-allow-credentials']).toBe('true');
    });
  });

  describe('a page of another origin', () => {
    it('is not let into the network of the server by CORS_ORIGINS=*', async () => {
      const { url } = await start();
      const headers = { ...preflight.headers, origin: 'https://other.example' };
      const reply = await sendPlain(url, { ...preflight, headers });
      expect(reply.headers).not.toHaveProperty('access-control-allow-private-network');
    });

    it.each([
      ['a form', 'application/x-www-form-urlencoded', 'query=mutation+%7B+__typename+%7D', 415],
      ['plain text', 'text/plain', '{"query":"mutation { __typename }"}', 415],
      ['JSON named after plain text', 'text/plain; application/json', '{"query":"{ __typename }"}', 415],
      ['no type', undefined, '{"query":"mutation { __typename }"}', 415],
      ['an upload', 'multipart/form-data; boundary=x', '--x--', 403],
      ['an upload in other letters', 'Multipart/Form-Data; boundary=x', '--x--', 403],
    ])('cannot have its visitor send %s', async (_title, type, body, expected) => {
      const { url } = await start();
      for (const accept of ['application/json, text/event-stream;q=0.1', 'application/json']) {
        const headers = { accept, ...(type !== undefined && { 'content-type': type }) };
        const { status, text } = await sendPlain(url, { headers, body });
        expect(status).toBe(expected);
        expect(text).toMatch(expected === 403 ? /PREFLIGHT_REQUIRED.*/ : /UNSUPPORTED_MEDIA_TYPE/);
      }
    });

    it('is told which field an upload needs', async () => {
      const { url } = await start();
      const headers = { 'content-type': 'multipart/form-data; boundary=x', 'graphql-preflight': '' };
      const { text } = await sendPlain(url, { headers, body: '--x--' });
      expect(text).toContain('GraphQL-Preflight: 1');
    });
  });

  describe('the name that a request is sent to', () => {
    const askFor = async (url: string, host: string) =>
      (await sendPlain(url, { method: 'GET', path: '/health', headers: { host } })).status;

    it.each([
      'localhost',
      'localhost:4000',
      '127.0.0.1',
      '127.1.2.3:80',
      '[::1]:4000',
      'app.localhost',
      'LOCALHOST.',
    ])('may be %s', async (host) => {
      const { url } = await start();
      expect(await askFor(url, host)).toBe(200);
    });

    it.each([
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:4000',
      '[::2]',
      'a@localhost:1:2',
    ])('may not be "%s" where only this machine is listened on', async (host) => {
      const { url } = await start();
      expect(await askFor(url, host)).toBe(421);
    });

    it('may be one of ALLOWED_HOSTS, which the refusal names', async () => {
      const { url } = await start({ env: { ALLOWED_HOSTS: 'api.example' } });
      expect(await askFor(url, 'API.example:80')).toBe(200);
      const { text } = await sendPlain(url, {
        ...post({ query: '{ __typename }' }, { host: 'evil.example' }),
      });
      expect(text).toMatch(/"evil\.example\\".*ALLOWED_HOSTS.*MISDIRECTED_REQUEST/);
    });

    it('may be any where ALLOWED_HOSTS says so, or all addresses are listened on', async () => {
      for (const env of [{ ALLOWED_HOSTS: '*' }, { HOST: '0.0.0.0' }]) {
        const { url } = await start({ env });
        expect(await askFor(url.replace('0.0.0.0', '127.0.0.1'), 'any.example')).toBe(200);
      }
    });
  });

  describe('GraphiQL', () => {
    const open = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
      sendPlain(url, { method, headers: { accept: browser, ...headers } });

    it('runs its own script only, and is framed by nobody', async () => {
      const { url } = await start();
      const { headers } = await open(url);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      });
      const policy = headers['content-security-policy'];
      expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[\w+/]{43}='; /);
      expect(policy).toMatch(/; frame-ancestors 'none'$/);
    });

    it.each([
      ['br', 'gzip, deflate, br, zstd'],
      ['gzip', 'gzip'],
      [undefined, 'identity'],
      [undefined, ''],
    ])('comes as %s for %s, and is not sent again', async (encoding, accepted) => {
      const { url } = await start();
      const { headers } = await open(url, { 'accept-encoding': accepted });
      expect(headers['content-encoding']).toBe(encoding);
      expect(Number(headers['content-length'])).toBeLessThan(encoding === undefined ? 1e7 : 3e6);
      expect(headers.vary).toMatch(/Accept, Accept-Encoding$/);
      const again = await open(url, { 'accept-encoding': accepted, 'if-none-match': headers.etag ?? '' });
      expect({ status: again.status, text: again.text }).toEqual({ status: 304, text: '' });
      const head = await open(url, { 'accept-encoding': accepted }, 'HEAD');
      expect(head.text).toBe('');
      expect(head.headers['content-length']).toBe(headers['content-length']);
    });

    it('is counted by address, and says when to come again', async () => {
      const { url } = await start({ env: { PAGE_LIMIT: '2 per minute' } });
      for (const expected of [200, 200]) expect((await open(url)).status).toBe(expected);
      const { status, headers, text } = await open(url);
      expect({ status, wait: headers['retry-after'] }).toEqual({ status: 429, wait: '60' });
      expect(headers['content-type']).toMatch(/^text\/html/);
      expect(text).toContain('60 s');
      expect((await sendPlain(url, post({ query: '{ __typename }' }))).status).toBe(200);
    });

    it('is not there with GRAPHIQL=off', async () => {
      const { url } = await start({ env: { GRAPHIQL: 'off' } });
      const { status, headers } = await open(url);
      expect(status).toBe(400);
      expect(headers['content-type']).toMatch(/^application\/.*json/);
    });

    it.each(['/graphql', '/graphql?query=%7B+__typename+%7D'])('opens in a browser at %s', async (path) => {
      const { url } = await start();
      const { status, headers, text } = await sendPlain(url, {
        method: 'GET',
        path,
        headers: { accept: browser },
      });
      expect({ status, type: headers['content-type'] }).toEqual({
        status: 200,
        type: 'text/html; charset=utf-8',
      });
      expect(text).toMatch(/<html/);
    });

    it('loads nothing from elsewhere', async () => {
      const { url } = await start();
      const { text } = await sendPlain(url, { method: 'GET', headers: { accept: browser } });
      const tags = text.match(/<(?:script|link|iframe)\b[^>]*>/g) ?? [];
      expect(tags.length).toBeGreaterThan(0);
      expect(tags.filter((tag) => /\b(?:src|href)\s*=\s*["']?(?!data:)[^"']/.test(tag))).toEqual([]);
    });
  });
});
