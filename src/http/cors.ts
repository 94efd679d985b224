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

/** The public page that talks to servers on its visitor's own machine. */
const studio = 'https://studio.apollographql.com';

/**
 * Lets browsers on these origins read the answers. Callers are told apart by header fields that scripts have to set
 * on purpose, never by cookies, so that even `*` gives a page nothing that its user could lend it unknowingly. Listed
 * origins may send what an application's own `identify` goes by, cookies too.
 */
export function createCors(origins: '*' | readonly string[]): Cors {
  const options = {
    origin: origins === '*' ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'OPTIONS'],
    exposedHeaders,
    maxAge: 86_400,
  };
  const handleOthers = cors(options);
  const handleListed = cors({ ...options, credentials: true });
  const listed = new Set(origins === '*' ? [] : origins);
  const fromOutside = origins === '*' ? new Set([studio]) : listed;
  const known = new Map([...listed].map((origin) => [origin, fieldsBy(handleListed, origin)]));
  const others = fieldsBy(handleOthers, undefined);
  return {
    of: (origin) => (origin === undefined ? undefined : known.get(origin)) ?? others,
    respond(request, response) {
      const { origin = '', 'access-control-request-private-network': isPrivate } = request.headers;
      // Private Network Access: a public page such as Apollo Sandbox asks before it talks to a server on this machine.
      if (isPrivate === 'true' && fromOutside.has(origin)) {
        response.setHeader('Access-Control-Allow-Private-Network', 'true');
      }
      const handle = listed.has(origin) ? handleListed : handleOthers;
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
