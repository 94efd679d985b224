import { createSecretKey } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { jwtVerify } from 'jose';
import { variable } from './variable.ts';

/** Who asks, for limits and caches. */
export interface Caller {
  readonly ip: string;
  readonly userId: string | undefined;
}

const key = createSecretKey(variable('JWT_SECRET'), 'utf8');
const scheme = 'Bearer ';

/** Tells who asks. Rejects where there is a token that is not good. */
export async function identify(
  ip = '',
  authorization: IncomingHttpHeaders['authorization'],
): Promise<Caller> {
  if (authorization === undefined) return { ip, userId: undefined };
  const token = authorization.slice(scheme.length);
  const { payload } = await jwtVerify(token, key, {
    algorithms: ['HS256'],
    issuer: 'sluice',
    audience: 'sluice',
  });
  return { ip, userId: payload.sub };
}
