import { buildSchema, GraphQLError, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withoutSuggestion } from '../../src/operation/introspection.ts';

const schema = buildSchema(`
  type Query { size(of: Size): Int sizes: [Int] sized: Int node: Node a(text: String): Query }
  interface Node { id: ID }
  type Part implements Node { id: ID weight: Int }
  type Tool implements Node { id: ID weight: Int }
  enum Size { SMALL SMALLER SMALLEST LARGE }
`);

describe('an error without its suggestion', () => {
  it.each([
    '{ siz }',
    '{ size(off: LARGE) }',
    '{ size(of: SMALLES) }',
    '{ size(of: LARG) }',
    '{ node { weight } }',
    '{ node { ... on Prt { id } } }',
    '{ node }',
  ])('is the same but for the names in the schema: %s', (query) => {
    const document = parse(query);
    const [error] = validate(schema, document);
    const [plain] = validate(schema, document, undefined, { hideSuggestions: true });
    if (error === undefined || plain === undefined) throw new Error(`The document is valid: ${query}`);
    const { message, locations } = withoutSuggestion(error);
    expect(error.message).toMatch(/\?$/);
    // That one of its own fields needs a selection is no name that anybody would not know.
    expect([plain.message, error.message.replace(/ Did you mean "node { ... }"\?/, '')]).toContain(message);
    expect(locations).toEqual(error.locations);
  });

  it.each(['String cannot represent " Did you mean "a"?": it is none.', 'Did you mean "a"?', 'Unknown.'])(
    'is the one that it was where it has none: %s',
    (message) => {
      const error = new GraphQLError(message);
      expect(withoutSuggestion(error)).toBe(error);
    },
  );

  it('keeps what a client has written', () => {
    const error = new GraphQLError('Unknown " Did you mean "a"?". Did you mean "b", "c", or "d"?');
    expect(withoutSuggestion(error).message).toBe('Unknown " Did you mean "a"?".');
  });
});
