import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/persisted-documents/document-name.ts';
import { createFindText } from '../../src/persisted-documents/index.ts';
import { RegisteredDocuments } from '../../src/persisted-documents/registered-documents.ts';
import { MemoryDocuments } from '../../src/persisted-documents/stores/memory.ts';
import { codes, send } from '../support/client.ts';
import { describeEngines } from '../support/describe-engines.ts';

const typeDefs = 'type Query { one: Int }';
const resolvers = { Query: { one: () => 1 } };
const env = { INVALID_REQUEST_LIMIT: 'off', BATCH_LIMIT: '100' };

/** The bytes that the heap takes after what nobody needs has gone. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function persisted(sha256Hash: string) {
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

function randomHash(): string {
  return randomBytes(32).toString('hex');
}

describe('the documents that strangers register', () => {
  const maxBytes = 4_000_000;

  it('take no more than their bound, however large and however many they are', () => {
    const memory = new MemoryDocuments({ maxBytes });
    const registered = new RegisteredDocuments(memory, undefined);
    const findText = createFindText({ registered });
    const before = heapBytes();
    let most = 0;
    for (let n = 0; n < 3000; n += 1) {
      // From small ones to such as fill a body of a megabyte.
      const query = `{ one } # ${n} ${'x'.repeat(2 ** (n % 21))}`;
      const found = findText({ query, named: { by: 'persistedQuery', id: sha256(query) } });
      if ('register' in found) found.register();
      most = Math.max(most, memory.bytes);
    }
    expect(most).toBeGreaterThan(maxBytes / 2);
    expect(most).toBeLessThanOrEqual(maxBytes);
    expect(heapBytes() - before).toBeLessThan(2 * maxBytes);
    expect(memory.bytes).toBeGreaterThan(maxBytes / 2);
  });
});

describeEngines((start) => {
  describe('hashes at random', () => {
    it('leave nothing behind', async () => {
      const { url } = await start({ typeDefs, resolvers, env });
      const flood = async (requests: number) => {
        for (let n = 0; n < requests; n += 1) {
          const batch = Array.from({ length: 100 }, () => persisted(randomHash()));
          const { body } = await send(url, batch);
          expect(body).toHaveLength(100);
          expect(codes((body as unknown as (typeof body)[])[99] ?? {})).toEqual([
            'PERSISTED_QUERY_NOT_FOUND',
          ]);
        }
        return heapBytes();
      };
      const first = await flood(100);
      const second = await flood(200);
      // Kept, the 20,000 hashes alone would take more.
      expect(second - first).toBeLessThan(1_500_000);
    });

    it('do not take away what others have registered', async () => {
      const { url } = await start({ typeDefs, resolvers, env });
      await send(url, { query: '{ one }', ...persisted(sha256('{ one }')) });
      for (let n = 0; n < 50; n += 1) {
        await send(
          url,
          Array.from({ length: 100 }, () => persisted(randomHash())),
        );
      }
      expect((await send(url, persisted(sha256('{ one }')))).body).toEqual({ data: { one: 1 } });
    });
  });

  it('texts of half a megabyte, each with its hash, are not kept', async () => {
    const { url } = await start({ typeDefs, resolvers, env });
    const textOf = (n: number): string => `{ one } # ${n} ${'x'.repeat(500_000)}`;
    const flood = async (from: number) => {
      for (let n = from; n < from + 30; n += 1) {
        const query = textOf(n);
        expect((await send(url, { query, ...persisted(sha256(query)) })).status).toBe(200);
      }
      return heapBytes();
    };
    const first = await flood(0);
    expect((await flood(30)) - first).toBeLessThan(5_000_000);
    expect(codes((await send(url, persisted(sha256(textOf(0))))).body)).toEqual([
      'PERSISTED_QUERY_NOT_FOUND',
    ]);
  });
});
