import { parseOptions, verify } from '@node-rs/argon2';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hashPassword, verifyPassword } from '../../src/shop/password.ts';

vi.mock(import('@node-rs/argon2'), async (importOriginal) => {
  const argon2 = await importOriginal();
  return { ...argon2, verify: vi.fn(argon2.verify) };
});

beforeEach(() => {
  vi.mocked(verify).mockClear();
});

describe('a password', () => {
  it('is kept as an argon2id hash at the minimum that OWASP names', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hash).not.toContain('correct horse');
  });

  it('has another hash each time', async () => {
    expect(await hashPassword('correct horse')).not.toBe(await hashPassword('correct horse'));
  });

  it('is told from every other', async () => {
    const hash = await hashPassword('correct horse');
    await expect(verifyPassword(hash, 'correct horse')).resolves.toBe(true);
    await expect(verifyPassword(hash, 'Correct horse')).resolves.toBe(false);
    await expect(verifyPassword(hash, '')).resolves.toBe(false);
  });

  it('is the same however the keyboard composes its letters', async () => {
    const hash = await hashPassword('caf\u00e9 \ufb01x');
    await expect(verifyPassword(hash, 'cafe\u0301 fix')).resolves.toBe(true);
  });

  it('of an account that does not exist is never right', async () => {
    await expect(verifyPassword(undefined, '')).resolves.toBe(false);
    await expect(verifyPassword(undefined, 'correct horse')).resolves.toBe(false);
  });

  it('of an account that does not exist takes the work of one that does', async () => {
    const hash = await hashPassword('correct horse');
    await verifyPassword(undefined, 'correct horse');
    const [used] = vi.mocked(verify).mock.lastCall ?? [''];
    expect(verify).toHaveBeenCalledOnce();
    expect(parseOptions(used)).toEqual(parseOptions(hash));
  });

  it('of an account that does not exist is not right even if it has the hash that stands in', async () => {
    vi.mocked(verify).mockResolvedValueOnce(true);
    await expect(verifyPassword(undefined, 'correct horse')).resolves.toBe(false);
  });

  it('cannot be verified with a hash that is none', async () => {
    await expect(verifyPassword('nonsense', 'correct horse')).rejects.toThrow();
  });
});
