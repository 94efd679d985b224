import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';
import { exposedFields } from '../rate-limit/index.ts';

/** The response header fields that scripts in browsers may read. */
const exposedHeaders = ['Age', 'Cache-Status', 'ETag', 'X-Request-Id', ...exposedFields];

/** Adds the CORS fields to a response, and answers preflight requests. */
export type Cors = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/**
 * Lets browsers on these origins read the answers. Callers are told apart by header fields that scripts have to set
 * on purpose, never by cookies, so that even `*` gives a page nothing that its user could lend it unknowingly.
 */
export function createCors(origins: '*' | readonly string[]): Cors {
  const handle = cors({
    origin: origins === '*' ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'OPTIONS'],
    exposedHeaders,
    maxAge: 86_400,
  });
  return (request, response, next) => {
    // Private Network Access: a public page such as Apollo Sandbox asks before it talks to a server on this machine.
    if (request.headers['access-control-request-private-network'] === 'true') {
      response.setHeader('Access-Control-Allow-Private-Network', 'true');
    }
    handle(request, response, next);
  };
}
