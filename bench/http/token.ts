import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';

/** A token of the first user, good for a day, as Sluice issues them. */
export function makeToken(secret: string): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('1')
    .setIssuer('sluice')
    .setAudience('sluice')
    .setIssuedAt()
    .setExpirationTime('1d')
    .sign(createSecretKey(secret, 'utf8'));
}
