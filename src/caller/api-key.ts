import { createHash, randomBytes } from 'node:crypto';

// Lets people and secret scanners recognise a key where it should not be.
const prefix = 'slk_';
const randomBits = 256;

/** A new API key: `slk_` and 256 random bits in base64url. It is shown once; only its hash is kept. */
export function createApiKey(): string {
  return prefix + randomBytes(randomBits / 8).toString('base64url');
}

/**
 * What is kept of an API key: its SHA-256, in hex. A slow, salted hash makes guessing dear where secrets are few, as
 * passwords are; 256 random bits cannot be guessed however fast the hash is, and a fast one can be looked up at every
 * request.
 */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
