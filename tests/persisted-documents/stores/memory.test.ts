import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/persisted-documents/document-name.ts';
import { MemoryDocuments } from '../../../src/persisted-documents/stores/memory.ts';
import { describeDocumentStore, maxBytes } from '../store.contract.ts';

describeDocumentStore('memory', () => ({ store: new MemoryDocuments({ maxBytes }) }));

describe('documents in memory', () => {
  it('stay while they are used', () => {
    const store = new MemoryDocuments({ maxBytes });
    const used = sha256('{ used }');
    store.set(used, '{ used }');
    for (let count = 0; count < 1000; count += 1) {
      store.set(sha256(`{ a${count} }`), `{ a${count} }`);
      expect(store.get(used)).toBe('{ used }');
    }
    expect(store.bytes).toBeLessThanOrEqual(maxBytes);
  });
});
