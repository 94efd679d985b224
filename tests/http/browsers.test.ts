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
      expect(headers['access-control-allow-origin']).toBe('https://other.example');
    });
  });

  describe('GraphiQL', () => {
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
