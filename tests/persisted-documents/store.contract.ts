import { randomBytes } from 'node:crypto';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/persisted-documents/document-name.ts';
import type { DocumentStore } from '../../src/persisted-documents/store.ts';

/** The bytes that the stores are opened with. */
export const maxBytes = 64_000;

/** What every store of registered documents promises. */
export function describeDocumentStore(
  name: string,
  open: () => MaybePromise<{ readonly store: DocumentStore; readonly close?: () => MaybePromise<void> }>,
): void {
  describe(`${name}, as a store of documents`, () => {
    let store: DocumentStore;
    let close: (() => MaybePromise<void>) | undefined;

    beforeEach(async () => {
      ({ store, close } = await open());
    });

    afterEach(async () => {
      store.close();
      await close?.();
    });

    const keep = async (text: string): Promise<string> => {
      const hash = sha256(text);
      await store.set(hash, text);
      return hash;
    };
    const isKept = async (hash: string): Promise<boolean> => (await store.get(hash)) !== undefined;

    it('gives the text that was kept, as often as it is asked', async () => {
      const hash = await keep('{ one }');
      expect(await store.get(hash)).toBe('{ one }');
      expect(await store.get(hash)).toBe('{ one }');
    });

    it('has nothing that was not kept', async () => {
      await keep('{ one }');
      expect(await store.get(sha256('{ two }'))).toBeUndefined();
    });

    it.each(['{ a(b: "é 漢 🦥") } # \\ "', '{\n\ta\r\n}', `{ a } #${'x'.repeat(300)}`])(
      'gives the same text: %j',
      async (text) => {
        expect(await store.get(await keep(text))).toBe(text);
      },
    );

    it('keeps a text once, however often it is kept', async () => {
      const first = await keep('{ first }');
      const again = `{ again } #${'x'.repeat(300)}`;
      for (let count = 0; count < 300; count += 1) await keep(again);
      expect(await isKept(first)).toBe(true);
    });

    it('keeps none that is longer than one may be', async () => {
      const other = await keep('{ other }');
      expect(await isKept(await keep(`#${'x'.repeat(maxBytes / 64)}`))).toBe(false);
      expect(await isKept(other)).toBe(true);
    });

    it('is bounded in bytes, however many are kept: the first go first', async () => {
      const hashes: string[] = [];
      for (let count = 0; count < 400; count += 1) {
        hashes.push(await keep(`# ${count} ${randomBytes(150).toString('hex')}`));
      }
      const kept: boolean[] = [];
      for (const hash of hashes) kept.push(await isKept(hash));
      const count = kept.filter(Boolean).length;
      expect(count).toBeGreaterThan(50);
      expect(count).toBeLessThanOrEqual(maxBytes / 500);
      expect(kept).toEqual(hashes.map((_, index) => index >= hashes.length - count));
    });
  });
}
