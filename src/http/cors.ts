import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';
import { exposedFields, type HeaderField } from '../rate-limit/index.ts';

/** The response header fields that scripts in browsers may read. */
const exposedHeaders = ['Age', 'Cache-Status', 'ETag', 'X-Request-Id', ...exposedFields];

/** What CORS adds to a response. */
export interface CorsFields {
  readonly fields: readonly HeaderField[];
  /** Which fields of the request that depends on. */
  readonly vary: readonly string[];
}

export interface Cors {
  /** What to add to the response to a request from a page of an origin, or from no page. */
  of(origin: string | undefined): CorsFields;
  /** Answers a preflight request. */
  respond(request: IncomingMessage, response: ServerResponse): void;
}

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
  const listed = origins === '*' ? [] : origins;
  const known = new Map(listed.map((origin) => [origin, fieldsBy(handle, origin)]));
  const others = fieldsBy(handle, undefined);
  return {
    of: (origin) => (origin === undefined ? undefined : known.get(origin)) ?? others,
    respond(request, response) {
      // Private Network Access: a public page such as Apollo Sandbox asks before it talks to a server on this machine.
      if (request.headers['access-control-request-private-network'] === 'true') {
        response.setHeader('Access-Control-Allow-Private-Network', 'true');
      }
      handle(request, response, () => undefined);
    },
  };
}

type Handle = ReturnType<typeof cors>;

/** What the library says to every request of an origin. */
function fieldsBy(handle: Handle, origin: string | undefined): CorsFields {
  const fields = new Map<string, string>();
  const response = {
    getHeader: (name: string) => fields.get(name),
    setHeader: (name: string, value: string) => fields.set(name, value),
    end: () => undefined,
  };
  handle({ method: 'GET', headers: { origin } }, response, () => undefined);
  const vary = fields.get('Vary');
  fields.delete('Vary');
  return { fields: [...fields], vary: vary === undefined ? [] : [vary] };
}
