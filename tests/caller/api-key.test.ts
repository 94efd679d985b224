import { describe, expect, it } from 'vitest';
import { createApiKey, hashApiKey } from '../../src/caller/api-key.ts';

describe('an API key', () => {
  it('is recognisable and holds 256 bits', () => {
    const key = createApiKey();
    expect(key).toMatch(/^slk_[\w-]{43}$/);
    expect(Buffer.from(key.slice(4), 'base64url')).toHaveLength(32);
  });

  it('is never made twice', () => {
    expect(new Set(Array.from({ length: 1000 }, createApiKey)).size).toBe(1000);
  });

  it('is kept as its SHA-256 in hex', () => {
    expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
