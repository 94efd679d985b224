import { describe, expect, it } from 'vitest';
import type { Body } from '../../support/client.ts';
import { startOn } from '../../support/describe-engines.ts';
import { limitedApp } from '../../support/fixtures/limited-fields.ts';

describe('limits of uploads', () => {
  const start = startOn('yoga');

  const upload = (
    url: string,
    {
      query = 'mutation ($file: Upload!) { upload(file: $file) }',
      accept = 'application/json',
      text = 'x',
    } = {},
  ) => {
    const form = new FormData();
    form.set('operations', JSON.stringify({ query, variables: { file: null } }));
    form.set('map', JSON.stringify({ 0: ['variables.file'] }));
    form.set('0', new Blob([text]), 'a.txt');
    return fetch(`${url}/graphql`, {
      method: 'POST',
      body: form,
      headers: { accept, 'graphql-preflight': '1' },
    });
  };

  it.each(['application/json', 'application/graphql-response+json', '*/*'])(
    'charge each once, and deny with 429 as %s',
    async (accept) => {
      const { url } = await start(limitedApp().options);
      const first = await upload(url, { accept });
      expect(await first.json()).toEqual({ data: { upload: 'x' } });
      expect(first.headers.get('ratelimit')).toBe('"Mutation.upload";r=1;t=60');
      await upload(url, { accept });
      const { status, headers, ...denied } = await upload(url, { accept }).then(async (response) => ({
        status: response.status,
        headers: response.headers,
        body: (await response.json()) as Body,
      }));
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 429, retryAfter: '60' });
      expect(denied.body).toMatchObject({
        errors: [{ path: ['upload'], extensions: { code: 'RATE_LIMITED', policy: 'Mutation.upload' } }],
      });
      expect(Object.keys(denied.body)).toEqual(['errors']);
      expect(JSON.stringify(denied.body)).not.toContain('http');
    },
  );

  it('deny with 200 where REJECT_STATUS says so, for clients that accept application/json', async () => {
    const { url } = await start({ ...limitedApp().options, env: { REJECT_STATUS: '200' } });
    for (let count = 0; count < 2; count += 1) await upload(url);
    expect((await upload(url)).status).toBe(200);
    expect((await upload(url, { accept: 'application/graphql-response+json' })).status).toBe(429);
  });

  it('answer a partial denial with 200', async () => {
    const { url } = await start(limitedApp().options);
    const query =
      'mutation ($file: Upload!) { a: upload(file: $file) b: upload(file: $file) c: upload(file: $file) }';
    const response = await upload(url, { query });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      data: { a: 'x', b: 'x', c: null },
      errors: [{ path: ['c'] }],
    });
  });

  it('count one that is no operation as an invalid request', async () => {
    const { url } = await start({ ...limitedApp().options, env: { INVALID_REQUEST_LIMIT: '3 per minute' } });
    const send = (body: FormData) =>
      fetch(`${url}/graphql`, { method: 'POST', body, headers: { 'graphql-preflight': '1' } });
    const malformed = new FormData();
    malformed.set('operations', '{');
    const statuses = [];
    for (const body of [new FormData(), malformed, malformed, malformed])
      statuses.push((await send(body)).status);
    expect(statuses).toEqual([400, 400, 400, 429]);
    // Nothing of an upload is known before it is read.
    expect((await upload(url)).status).toBe(429);
  });
});
