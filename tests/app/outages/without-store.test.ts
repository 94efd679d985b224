import { beforeAll, describe, expect, it } from 'vitest';
import { ask, askByGet, codes, type Reply, send } from '../../support/client.ts';
import { engines } from '../../support/describe-engines.ts';
import { freePort } from '../../support/private-servers.ts';
import { type OutageApp, startOutageApp, startShopApp, tightLimit, watchProcess } from './outage-app.ts';

const types = ['application/json', 'application/graphql-response+json'] as const;
const unavailable = 'LIMITER_UNAVAILABLE';

describe.each(engines)('on %s, while the stores cannot be reached', (engine) => {
  let nowhere: string;

  beforeAll(async () => {
    nowhere = `redis://127.0.0.1:${await freePort()}`;
  });

  const environment = (mode: string) => ({ SERVER: engine, REDIS_URL: nowhere, ON_STORE_ERROR: mode });
  const start = (mode: string, env: Readonly<Record<string, string>> = {}): Promise<OutageApp> =>
    startOutageApp({ ...environment(mode), ...env });
  const askOften = async ({ url }: OutageApp, query: string, count: number): Promise<Reply[]> => {
    const replies: Reply[] = [];
    for (let n = 0; n < count; n += 1) replies.push(await ask(url, query));
    return replies;
  };
  const fieldsOf = ({ headers }: Reply): string[] =>
    [...headers.keys()].filter((name) => /ratelimit|retry-after/.test(name));

  describe('told to count in memory', () => {
    it('enforces the same limits, and tells of them as ever', async () => {
      const complaints = watchProcess();
      const replies = await askOften(await start('local'), '{ tight }', tightLimit + 2);
      expect(replies.map(({ status }) => status)).toEqual([...Array<number>(tightLimit).fill(200), 429, 429]);
      expect(codes(replies.at(-1)?.body ?? {})).toEqual(['RATE_LIMITED']);
      expect(replies.map(({ headers }) => /;r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])).toEqual([
        '4',
        '3',
        '2',
        '1',
        '0',
        '0',
        '0',
      ]);
      expect(Number(replies.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
    });
  });

  describe('told to allow everything', () => {
    it('lets everything pass, and tells of no limits that it does not know', async () => {
      const replies = await askOften(await start('allow'), '{ tight }', tightLimit + 5);
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
      expect(replies.flatMap(fieldsOf)).toEqual([]);
    });
  });

  describe('told to deny what is limited', () => {
    it.each(types)(
      'says that it cannot look, and never that somebody asked too often, as %s',
      async (accept) => {
        const { url } = await start('deny');
        const replies = [
          await ask(url, '{ tight }', { headers: { accept } }),
          await ask(url, '{ dear both }', { headers: { accept } }),
          await askByGet(url, { query: '{ both }' }, { accept }),
        ];
        expect(replies.map(({ status }) => status)).toEqual([503, 503, 503]);
        expect(replies.flatMap(fieldsOf)).toEqual([]);
        expect(replies.map(({ body }) => codes(body))).toEqual([
          [unavailable],
          [unavailable, unavailable],
          [unavailable],
        ]);
        expect(replies.every(({ body }) => !('data' in body))).toBe(true);
      },
    );

    it('answers what is not limited', async () => {
      const { url } = await start('deny');
      const { status, body } = await ask(url, '{ free open __typename }');
      expect(status).toBe(200);
      expect(body).toEqual({ data: { free: 4, open: 'first', __typename: 'Query' } });
      expect((await ask(url, 'mutation { write(text: "second") }')).body.data).toEqual({ write: 'second' });
    });

    it('answers the rest of an operation of which a part is limited', async () => {
      const { url } = await start('deny');
      const reply = await ask(url, '{ free dear open }');
      expect(reply.status).toBe(200);
      expect(reply.body.data).toEqual({ free: 4, dear: null, open: 'first' });
      expect(reply.body.errors).toMatchObject([{ path: ['dear'], extensions: { code: unavailable } }]);
      expect(fieldsOf(reply)).toEqual([]);
    });

    it('fails in a batch what is limited, and nothing else', async () => {
      const { url } = await start('deny');
      const { status, body } = await send(url, [{ query: '{ tight }' }, { query: '{ free }' }]);
      expect(status).toBe(200);
      expect(body).toMatchObject([
        { errors: [{ extensions: { code: unavailable } }] },
        { data: { free: 4 } },
      ]);
    });
  });

  it.each(['local', 'allow', 'deny'])('still tells callers of their limits: %s', async (mode) => {
    const { url } = await startShopApp({ ...environment(mode), RATE_LIMIT_EXTENSION: 'on' });
    const status = await ask(url, '{ rateLimits { policy limit remaining } health { status } }');
    expect(status.body.errors).toBeUndefined();
    expect(status.body.data?.['rateLimits']).toContainEqual({
      policy: 'Query.products',
      limit: 5,
      remaining: 5,
    });
    const { body } = await ask(url, '{ health { status } products { name } }');
    expect(body.data).toMatchObject({ health: { status: 'OK' } });
    expect(codes(body)).toEqual(mode === 'deny' ? [unavailable] : []);
  });
});
