import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { expect } from 'vitest';

/** The body of a GraphQL response. */
export interface Body {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Record<string, unknown>;
  }[];
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Sends one operation by POST. */
export async function ask(
  url: string,
  query: string,
  { variables, headers = {} }: { variables?: Record<string, unknown>; headers?: Record<string, string> } = {},
): Promise<Reply> {
  return send(url, { query, ...(variables && { variables }) }, headers);
}

/** Sends any JSON body by POST. */
export async function send(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return read(response);
}

/** Sends several operations in one request, whose answers come in their order. */
export async function askAll(
  url: string,
  queries: readonly string[],
  headers: Record<string, string> = {},
): Promise<Body[]> {
  const { status, body } = await send(
    url,
    queries.map((query) => ({ query })),
    headers,
  );
  expect(status).toBe(200);
  return body as Body[];
}

/** Sends one operation by GET. */
export async function askByGet(
  url: string,
  params: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return read(await fetch(`${url}/graphql?${new URLSearchParams(params).toString()}`, { headers }));
}

async function read(response: Response): Promise<Reply> {
  expect(response.headers.get('content-type')).toMatch(
    /^application\/(graphql-response\+)?json; charset=utf-8$/,
  );
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

/** A request of which nothing is filled in. */
export interface PlainRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface PlainReply {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends a request with these header fields and no others, but for Host and the length of the body. */
export async function sendPlain(
  url: string,
  { method = 'POST', path = '/graphql', headers = {}, body }: PlainRequest,
): Promise<PlainReply> {
  const request = httpRequest(url + path, { method, headers });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, text: await textOf(response) };
}

/** The codes of a body's errors. */
export function codes({ errors = [] }: Body): unknown[] {
  return errors.map(({ extensions }) => extensions?.['code']);
}

/** A selection of the field under so many aliases: `a1: field a2: field …`. */
export function aliased(count: number, field: string): string {
  return Array.from({ length: count }, (_, index) => `a${index + 1}: ${field}`).join(' ');
}
