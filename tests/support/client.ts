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
  expect(response.headers.get('content-type')).toMatch(
    /^application\/(graphql-response\+)?json; charset=utf-8$/,
  );
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

/** The codes of a body's errors. */
export function codes({ errors = [] }: Body): unknown[] {
  return errors.map(({ extensions }) => extensions?.['code']);
}
