import type { RequestContext } from '../../src/app/application.ts';
import { clientError } from '../../src/errors.ts';
import type { Start, TestApp, TestAppOptions } from '../support/app.ts';
import { type PlainReply, sendPlain } from '../support/client.ts';
import { get, post } from './requests.ts';
import { selfDeclared } from './self-declared.ts';

export const stored = 'sluice; fwd=miss; stored';

const typeDefs = `
  scalar Upload
  type Query {
    open: String @cacheControl(maxAge: 60)
    other: String @cacheControl(maxAge: 60)
    mine: String @cacheControl(maxAge: 60, scope: PRIVATE)
    limited: String @cacheControl(maxAge: 60)
      @rateLimit(limit: 3, duration: 600, tiers: [{ tier: "ADMIN", limit: null }])
    stale: String @cacheControl(maxAge: 60, staleWhileRevalidate: 30)
      @rateLimit(limit: 50, duration: 6000, tiers: [{ tier: "ADMIN", limit: null }])
    sturdy: String @cacheControl(maxAge: 60, staleIfError: 300)
      @rateLimit(name: "all", by: [GLOBAL], limit: 1000, duration: 600)
    both: String @cacheControl(maxAge: 60, staleWhileRevalidate: 30, staleIfError: 300)
    crowded: String @cacheControl(maxAge: 60)
      @rateLimit(name: "own", limit: 20, duration: 600)
      @rateLimit(name: "all", by: [GLOBAL], limit: 1000, duration: 600)
    uncached: String
    failing: String @cacheControl(maxAge: 60)
    refused: String @cacheControl(maxAge: 60)
    left(of: String!): Int
  }
  type Mutation {
    write(text: String!): String
      @invalidates(
        fields: ["Query.open", "Query.mine", "Query.stale", "Query.sturdy", "Query.both", "Query.crowded"]
      )
    upload(file: Upload!): String @invalidates(fields: ["Query.open"])
  }
  type Subscription { ticks: String }
`;

type Work = (context: RequestContext) => unknown;

export interface CachedApp extends TestApp {
  /** What most fields resolve to. */
  text: string;
  /** What they do for it. */
  work: Work;
  /** How often they did. */
  runs: number;
}

/** An app of fields that are kept in different ways, whose callers are who they say they are. */
export async function startCached(start: Start, options: TestAppOptions = {}): Promise<CachedApp> {
  const resolve = (_: unknown, _args: unknown, context: RequestContext): unknown => {
    app.runs += 1;
    return app.work(context);
  };
  const write = (_: unknown, { text }: { text: string }): string => (app.text = text);
  const names = ['open', 'other', 'limited', 'stale', 'sturdy', 'both', 'crowded', 'uncached'];
  const Query = {
    ...Object.fromEntries(names.map((name) => [name, resolve])),
    mine: (_: unknown, _args: unknown, { caller }: RequestContext) =>
      `${app.text} of ${String(caller.userId)}`,
    failing: () => Promise.reject(new Error('out of order')),
    refused: () => Promise.reject(clientError('FORBIDDEN', 'Not for you.')),
    left: async (_: unknown, { of }: { of: string }, { rateLimits }: RequestContext) =>
      (await rateLimits()).find(({ policy }) => policy.name === of)?.remaining,
  };
  const upload = (_: unknown, { file }: { file: File }): Promise<string> => file.text();
  async function* subscribe(): AsyncGenerator<object> {
    yield await Promise.resolve({ ticks: app.text });
  }
  const resolvers = { Query, Mutation: { write, upload }, Subscription: { ticks: { subscribe } } };
  const started = await start({ typeDefs, resolvers, identify: selfDeclared, ...options });
  const state = { text: 'Grüße, 世界 🌊', runs: 0, work: (): unknown => app.text };
  const app: CachedApp = Object.assign(started, state);
  return app;
}

type Headers = Readonly<Record<string, string>>;

/** Asks by GET, or by HEAD. */
export function look(
  { url }: { readonly url: string },
  query: string,
  headers: Headers = {},
  method: 'GET' | 'HEAD' = 'GET',
): Promise<PlainReply> {
  return sendPlain(url, { ...get({ query }, headers), method });
}

/** Asks by POST. */
export function tell(
  { url }: { readonly url: string },
  query: string,
  headers: Headers = {},
): Promise<PlainReply> {
  return sendPlain(url, post({ query }, headers));
}

/** Has the text that fields resolve to changed by a mutation. */
export async function write(app: { readonly url: string }, text: string): Promise<void> {
  await tell(app, `mutation { write(text: ${JSON.stringify(text)}) }`);
}

/** What the cache had to do with a reply. */
export function statusOf({ headers }: PlainReply): string | undefined {
  return headers['cache-status'] as string | undefined;
}

/** The value of a field in a reply. */
export function valueIn({ text }: PlainReply, field: string): unknown {
  return (JSON.parse(text) as { data?: Record<string, unknown> | null }).data?.[field];
}

/** The codes of the errors in a reply. */
export function codesIn({ text }: PlainReply): unknown[] {
  const { errors = [] } = JSON.parse(text) as { errors?: { extensions?: { code?: string } }[] };
  return errors.map(({ extensions }) => extensions?.code);
}

/** What a reply says is left of its limits. */
export function leftIn({ headers }: PlainReply): string | undefined {
  return (headers['ratelimit'] as string | undefined)?.match(/;r=(\d+)/)?.[1];
}
