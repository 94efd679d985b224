import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';

/** A token of a user, good for a day, as Sluice issues them. */
export function makeToken(secret: string, userId: string): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setIssuer('sluice')
    .setAudience('sluice')
    .setIssuedAt()
    .setExpirationTime('1d')
    .sign(createSecretKey(secret, 'utf8'));
}
