import { expect, it } from 'vitest';
import { send } from '../../support/client.ts';
import { describeEngines } from '../../support/describe-engines.ts';

const typeDefs = `
  type Query { plain(x: Int!, y: Int!): Int point(at: Point!): Int }
  input Point { x: Int! y: Int! }
`;
const messages = (errors: readonly { readonly message: string }[] = []) =>
  errors.map(({ message }) => message);

describeEngines((start) => {
  it.each<[what: string, query: string, variables: object, problems: RegExp[]]>([
    [
      'variables',
      'query ($x: Int!, $y: Int!) { plain(x: $x, y: $y) }',
      { x: 'a', y: 'b' },
      [/"\$x" got invalid value "a"/, /"\$y" got invalid value "b"/],
    ],
    [
      'entries of an input',
      'query ($at: Point!) { point(at: $at) }',
      { at: { x: 'a', y: 'b' } },
      [/"\$at" got invalid value "a" at "at.x"/, /"\$at" got invalid value "b" at "at.y"/],
    ],
  ])('tells of all %s that are wrong, each at its place', async (_what, query, variables, problems) => {
    const { url } = await start({ typeDefs, resolvers: {} });
    const { status, body } = await send(
      url,
      { query, variables },
      { accept: 'application/graphql-response+json' },
    );
    expect(status).toBe(400);
    expect(messages(body.errors)).toEqual(
      problems.map((problem) => expect.stringMatching(problem) as string),
    );
    for (const error of body.errors ?? []) {
      expect(error).toMatchObject({
        locations: [{ line: 1 }],
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
  });
});
