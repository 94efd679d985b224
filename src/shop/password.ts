import { hash as argon2, verify } from '@node-rs/argon2';

// The minimum for argon2id (this library's default variant) in OWASP's Password Storage Cheat Sheet:
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
const memoryCost = 19_456; // KiB
const timeCost = 2; // passes
const parallelism = 1; // threads

// A hash that no known password has. To find that out takes as long as for a real one.
const salt = 'A'.repeat(22); // 16 bytes
const digest = 'A'.repeat(43); // 32 bytes
const hashOfNobody = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${salt}$${digest}`;

/** What is kept of a password: its argon2id hash with a salt of its own, in PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  return argon2(normalise(password), { memoryCost, timeCost, parallelism });
}

/**
 * Whether a password is the one that was hashed. For an account that does not exist (undefined) the same work is done,
 * so that the time taken does not tell which accounts exist, and the result is false.
 */
export async function verifyPassword(hash: string | undefined, password: string): Promise<boolean> {
  const matches = await verify(hash ?? hashOfNobody, normalise(password));
  return matches && hash !== undefined;
}

// Keyboards differ in how they compose the same letter (NIST SP 800-63B-3, 5.1.1.2).
function normalise(password: string): string {
  return password.normalize('NFKC');
}
