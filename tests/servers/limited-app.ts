import { graphql, type GraphQLResolveInfo } from 'graphql';
import type { RequestContext } from '../../src/app/application.ts';
import type { TestAppOptions } from '../support/app.ts';
import { ask } from '../support/client.ts';

export const strategies = ['FIXED_WINDOW', 'SLIDING_WINDOW', 'SLIDING_LOG', 'TOKEN_BUCKET'] as const;

const typeDefs = `
  scalar Upload
  type Query {
    left(of: String!): Int
    free: Int
    one: Int @rateLimit(limit: 5)
    ${strategies.map((name) => `${name}: Int @rateLimit(limit: 5, strategy: ${name})`).join('\n')}
    cached: Int @cacheControl(maxAge: 60) @rateLimit(limit: 5)
    many: [Item!]
    nested(query: String!): Int @rateLimit(limit: 5)
    by(id: ID!): Int @rateLimit(limit: 5)
  }
  type Item { dear: Int @rateLimit(limit: 5) }
  type Mutation {
    wait(seconds: Int!): Int
    mark(as: String!): String
    dear(as: String): String @rateLimit(limit: 1)
    upload(file: Upload!): String @rateLimit(limit: 2)
  }
`;

const constant = (name: string) => [name, () => 1] as const;

/** A schema of limited fields, on which the resolvers of mutations write down in which order they run. */
export function limitedApp(): { readonly options: TestAppOptions; readonly marks: string[] } {
  const marks: string[] = [];
  const mark = async (_: unknown, { as = 'dear' }: { as?: string }): Promise<string> => {
    await Promise.resolve();
    marks.push(as);
    return as;
  };
  const resolvers = {
    Query: {
      ...Object.fromEntries([...strategies, 'free', 'one', 'cached', 'by'].map(constant)),
      left,
      many: () => Array.from({ length: 500 }, () => ({})),
      nested: runNested,
    },
    Item: { dear: () => 1 },
    Mutation: {
      wait,
      mark,
      dear: mark,
      upload: (_: unknown, { file }: { file: File }) => file.text(),
    },
  };
  return { options: { typeDefs, resolvers }, marks };
}

/** How many units the caller has left of a policy of `limitedApp`. */
export async function left(
  _: unknown,
  { of }: { of: string },
  { rateLimits }: RequestContext,
): Promise<number | undefined> {
  return (await rateLimits()).find(({ policy }) => policy.name === of)?.remaining;
}

/** The same as a client of the app sees it. */
export async function leftOf(url: string, policy: string): Promise<unknown> {
  const { body } = await ask(url, 'query ($of: String!) { left(of: $of) }', { variables: { of: policy } });
  return body.data?.['left'];
}

/** Lets time pass, where the app is started with a context that can. */
function wait(
  _: unknown,
  { seconds }: { seconds: number },
  { advance }: { advance: (seconds: number) => void },
): void {
  advance(seconds);
}

async function runNested(
  _: unknown,
  { query }: { query: string },
  contextValue: RequestContext,
  { schema }: GraphQLResolveInfo,
): Promise<number> {
  const { data } = await graphql({ schema, source: query, contextValue });
  return Object.values(data ?? {}).filter((value) => value !== null).length;
}
