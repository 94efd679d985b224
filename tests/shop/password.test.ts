import { describe, expect, it } from 'vitest';
import { hashPassword, verifyPassword } from '../../src/shop/password.ts';

/** The processor time that it takes to find out whether a password is right, in microseconds, at its least. */
async function workOf(hash: string | undefined): Promise<number> {
  let least = Infinity;
  for (let count = 0; count < 7; count += 1) {
    const before = process.cpuUsage();
    await verifyPassword(hash, 'correct horse');
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, user + system);
  }
  return least;
}

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
    const ofOne = await workOf(await hashPassword('correct horse'));
    const ofNone = await workOf(undefined);
    expect(ofNone).toBeGreaterThan(ofOne / 1.5);
    expect(ofNone).toBeLessThan(ofOne * 1.5);
  });

  it.each(['undefined', 'null', '\0'.repeat(32), 'A'.repeat(43)])(
    'of an account that does not exist is not guessed by trying what may stand in for a hash: %j',
    async (password) => {
      await expect(verifyPassword(undefined, password)).resolves.toBe(false);
    },
  );

  it('cannot be verified with a hash that is none', async () => {
    await expect(verifyPassword('nonsense', 'correct horse')).rejects.toThrow();
  });
});
