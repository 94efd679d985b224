import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApiKey } from '../../../src/caller/api-key.ts';
import type { BucketStore } from '../../../src/rate-limit/index.ts';
import { serverKinds, startOn } from '../../support/app.ts';
import { ask, askByGet, codes, send } from '../../support/client.ts';
import { startWithKeys } from '../../servers/keys.ts';
import { ada, login, signUp } from '../../servers/people.ts';

const store = vi.hoisted(() => ({ keys: [] as string[], failure: undefined as (() => never) | undefined }));

// An app makes its store by itself. This one is seen through, and can be made to fail.
vi.mock('../../../src/rate-limit/stores/memory.ts', async (importOriginal) => {
  const { createMemoryStore } = await importOriginal<{
    createMemoryStore: (...args: readonly unknown[]) => BucketStore;
  }>();
  return {
    createMemoryStore(...args: readonly unknown[]): BucketStore {
      const memory = createMemoryStore(...args);
      return {
        ...memory,
        charge(charges) {
          store.failure?.();
          store.keys.push(...charges.buckets.map(({ key }) => key));
          return memory.charge(charges);
        },
      };
    },
  };
});

const address = '10.1.2.3:6379';
const query = '{ dear free }';
const typeDefs =
  'type Query { dear: Int @rateLimit(limit: 5) free: Int } type Mutation { dear: Int @rateLimit }';
const resolvers = { Query: { dear: () => 1, free: () => 2 }, Mutation: { dear: () => 3 } };

describe.each(serverKinds)('on %s', (kind) => {
  const start = startOn(kind);

  describe('a store that fails', () => {
    beforeEach(() => {
      store.failure = () => {
        throw new Error(`connect ECONNREFUSED ${address}`);
      };
    });
    afterEach(() => {
      store.failure = undefined;
    });

    async function startFailing() {
      const lines: string[] = [];
      const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
      return { ...(await start({ typeDefs, resolvers, log })), lines };
    }

    it.each(['application/json', 'application/graphql-response+json'])(
      'is an error of the server and never a denial, and its address goes to the log alone, as %s',
      async (accept) => {
        const { url, lines } = await startFailing();
        const replies = [
          await ask(url, query, { headers: { accept } }),
          await askByGet(url, { query }, { accept }),
          await ask(url, 'mutation { dear }', { headers: { accept } }),
        ];
        for (const { status, headers, body } of replies) {
          expect({ status, codes: codes(body) }).toEqual({ status: 500, codes: ['INTERNAL_SERVER_ERROR'] });
          expect(headers.has('retry-after')).toBe(false);
          expect(JSON.stringify([body, [...headers]])).not.toMatch(/10\.1\.2\.3|ECONNREFUSED/);
        }
        expect(lines).toHaveLength(3);
        for (const line of lines) expect(line).toContain(address);
      },
    );

    it('leaves the operations of a batch that need no store their answers', async () => {
      const { url } = await startFailing();
      const { status, body } = await send(url, [{ query }, { query: '{ free }' }]);
      expect(status).toBe(200);
      expect(body).toMatchObject([
        { errors: [{ message: 'Internal server error.' }] },
        { data: { free: 2 } },
      ]);
      expect(JSON.stringify(body)).not.toContain(address);
    });
  });

  describe('the keys of buckets', () => {
    it('hold neither tokens nor keys nor e-mail addresses', async () => {
      const { url, by } = await startWithKeys(start, { partner: ['PAID'] });
      const { authorization } = await signUp(url, ada);
      await login(url, { ...ada, password: 'a wrong one' });
      store.keys.length = 0;
      const headers = { authorization: String(authorization), ...by.partner };
      await ask(url, '{ products { id } user(id: 1) { id } }', { headers });
      await ask(url, '{ products { id } }', { headers: by.partner });
      await ask(url, '{ nothing }', { headers });
      await login(url, { ...ada, password: 'a wrong one' });
      for (const whom of ['user:\\d+', 'key:\\d+', 'ip:127\\.0\\.0\\.1', 'all\\|[\\w-]{43}'])
        expect(store.keys).toContainEqual(expect.stringMatching(new RegExp(`\\|${whom}$`)));
      const secrets = [
        ...Object.values(headers),
        String(authorization).slice(7),
        ada.email,
        'example',
        createApiKey().slice(0, 4),
      ];
      for (const secret of secrets) expect(store.keys.filter((key) => key.includes(secret))).toEqual([]);
    });
  });
});
