import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { GraphQLError } from 'graphql';
import { expect, it } from 'vitest';
import { codingOf } from '../../../src/http/request/accept-encoding.ts';
import type { PlainRequest } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';
import { get, post } from '../../support/requests.ts';

const typeDefs = /* GraphQL */ `
  type Query {
    kept(of: Int): [String!]! @cacheControl(maxAge: 60)
    own: [String!]! @cacheControl(maxAge: 60, scope: PRIVATE)
    made: [String!]!
    part: String
    limited: [String!] @rateLimit(limit: 1, duration: 60)
    rejected: [String!]! @rateLimit(limit: 1, duration: 60)
    small: String @cacheControl(maxAge: 60)
  }
  type Mutation {
    login: [String!]!
  }
`;
const words = Array.from({ length: 300 }, (_, index) => `word é ${index}`);
const many = (): string[] => words;
const resolvers = {
  Query: {
    kept: many,
    own: many,
    made: many,
    limited: many,
    rejected: many,
    small: () => 'small',
    part: () => {
      throw new GraphQLError('no part', { extensions: { code: 'NOT_FOUND' } });
    },
  },
  Mutation: { login: many },
};
const app = { typeDefs, resolvers };
const decoders = { zstd: zstdDecompressSync, br: brotliDecompressSync, gzip: gunzipSync };
const codings = ['zstd', 'br', 'gzip'] as const;
const kept = '{ kept }';

async function bytesOf(
  url: string,
  { method = 'POST', path = '/graphql', headers = {}, body }: PlainRequest,
) {
  const request = httpRequest(url + path, { method, headers });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, bytes: await buffer(response) };
}
const accepting = (coding: string) => ({ 'accept-encoding': coding });

it.each([
  [undefined, undefined],
  ['', undefined],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['gzip, deflate', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate, br, zstd', 'zstd'],
  ['zstd;q=0.5, gzip', 'gzip'],
  ['zstd;q=0, br;q=0, *', 'gzip'],
  ['*', 'zstd'],
  ['*;q=0', undefined],
  ['identity', undefined],
  ['identity, gzip;q=0.5', undefined],
  ['identity;q=0, gzip;q=0.1', 'gzip'],
  ['identity;q=0', undefined],
  ['deflate', undefined],
  ['gzip;q=0', undefined],
])('reads Accept-Encoding: %s as %s', (field, coding) => {
  expect(codingOf(field)).toBe(coding);
});

describeEngines((start) => {
  it.each(codings)(
    'sends what is kept in %s, first and again, as the bytes of the plain body',
    async (coding) => {
      const { url } = await start(app);
      const plain = await bytesOf(url, get({ query: kept }));
      for (let time = 0; time < 2; time += 1) {
        const { headers, bytes } = await bytesOf(url, get({ query: kept }, accepting(coding)));
        expect(headers['content-encoding']).toBe(coding);
        expect(headers['content-length']).toBe(String(bytes.byteLength));
        expect(headers.vary).toContain('Accept-Encoding');
        expect(headers.etag).toBe(plain.headers.etag?.replace(/"$/, `-${coding}"`));
        expect(decoders[coding](bytes)).toEqual(plain.bytes);
      }
      expect(plain.headers.vary).toContain('Accept-Encoding');
      expect(plain.headers['content-encoding']).toBeUndefined();
    },
  );

  it.each(codings)('answers HEAD with the fields of GET in %s', async (coding) => {
    const { url } = await start(app);
    await bytesOf(url, get({ query: kept }));
    const asked = get({ query: kept }, accepting(coding));
    const { headers } = await bytesOf(url, asked);
    const head = await bytesOf(url, { ...asked, method: 'HEAD' });
    const others = { date: head.headers.date, 'x-request-id': head.headers['x-request-id'] };
    expect(head.headers).toEqual({ ...headers, ...others });
    expect(head.bytes.byteLength).toBe(0);
  });

  it('says 304 to the tag of any representation, and names the one that the client has', async () => {
    const { url } = await start(app);
    const { headers } = await bytesOf(url, get({ query: kept }));
    const plain = headers.etag ?? '';
    const tags = [plain, ...codings.map((coding) => plain.replace(/"$/, `-${coding}"`))];
    for (const tag of tags) {
      for (const accepted of ['identity', ...codings]) {
        const reply = await bytesOf(
          url,
          get({ query: kept }, { ...accepting(accepted), 'if-none-match': tag }),
        );
        expect([reply.status, reply.headers.etag]).toEqual([304, tag]);
        expect(reply.headers.vary).toContain('Accept-Encoding');
        expect(reply.headers['content-encoding']).toBeUndefined();
      }
    }
    const other = get(
      { query: kept },
      { ...accepting('br'), 'if-none-match': plain.replace(/"$/, '-deflate"') },
    );
    expect((await bytesOf(url, other)).status).toBe(200);
  });

  it.each([
    ['what is made anew', '{ made }'],
    ['what is kept for one caller', '{ own }'],
    ['an answer of which a part failed', '{ made part }'],
  ])('compresses %s', async (_what, query) => {
    const { url } = await start(app);
    const plain = await bytesOf(url, post({ query }));
    const { headers, bytes } = await bytesOf(url, post({ query }, accepting('gzip')));
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(bytes)).toEqual(plain.bytes);
  });

  it('compresses what is kept together with an extension', async () => {
    const { url } = await start({ ...app, env: { RATE_LIMIT_EXTENSION: 'on' } });
    const query = '{ kept limited }';
    const { headers, bytes } = await bytesOf(url, post({ query }, accepting('br')));
    expect(headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(bytes).toString()).toContain('"extensions":{"rateLimit"');
  });

  it('compresses a batch of queries, and none with a mutation', async () => {
    const { url } = await start(app);
    const queries = [{ query: kept }, { query: '{ made }' }];
    const batch = await bytesOf(url, post(JSON.stringify(queries), accepting('gzip')));
    expect(batch.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(batch.bytes).toString())).toHaveLength(2);
    const mixed = await bytesOf(
      url,
      post(JSON.stringify([...queries, { query: 'mutation { login }' }]), accepting('gzip')),
    );
    expect(mixed.headers['content-encoding']).toBeUndefined();
  });

  it.each([
    ['a mutation', 'mutation { login }'],
    ['what is small', '{ small }'],
    ['an error', `{ ${'nothing '.repeat(50)} }`],
    ['a rejection', `{ ${Array.from({ length: 50 }, (_, n) => `a${n}: rejected`).join(' ')} }`],
  ])('does not compress %s', async (_what, query) => {
    const { url } = await start(app);
    const { headers } = await bytesOf(url, post({ query }, accepting('gzip, br, zstd')));
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.vary).not.toContain('Accept-Encoding');
  });

  it('compresses nothing where that is off', async () => {
    const { url } = await start({ ...app, env: { COMPRESSION: 'off' } });
    const { headers } = await bytesOf(url, post({ query: kept }, accepting('gzip')));
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.vary).not.toContain('Accept-Encoding');
  });

  it('is read by fetch as it is', async () => {
    const { url } = await start(app);
    const response = await fetch(`${url}/graphql?query=${encodeURIComponent(kept)}`);
    expect(response.headers.get('content-encoding')).toMatch(/br|gzip|zstd/);
    expect(await response.json()).toEqual({ data: { kept: words } });
  });
});
