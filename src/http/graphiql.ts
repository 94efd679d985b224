import type { ServerResponse } from 'node:http';

/** What a new tab holds. It is valid for any schema. */
const defaultQuery = `# Ctrl-Space suggests what can be asked for, Ctrl-Enter asks.
{
  __typename
}
`;

/** Writes the GraphiQL page, which comes whole: it loads nothing from elsewhere. */
export async function respondWithGraphiQL(response: ServerResponse): Promise<void> {
  // Several megabytes, loaded when somebody first opens the page.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(renderGraphiQL({ title: 'Sluice', endpoint: '/graphql', defaultQuery }));
}
