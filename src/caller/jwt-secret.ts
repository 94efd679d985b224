import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { keepOwn } from '../util/own-files.ts';

/** The secret in a file, which is made where there is none yet, and is for its owner alone. */
export function keptSecret(path: string): string {
  try {
    // `wx` fails where the file exists, so of processes that start at once one writes and all read the same.
    writeFileSync(path, newSecret(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  keepOwn(path);
  const secret = readFileSync(path, 'utf8').trim();
  if (secret.length < 32)
    throw new Error(`${path} holds no secret of at least 32 characters. Remove it to get a new one.`);
  return secret;
}

/** A secret for this process alone. */
export function newSecret(): string {
  return randomBytes(48).toString('base64url');
}
