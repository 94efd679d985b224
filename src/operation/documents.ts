import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { clientError, requestError } from '../errors.ts';
import type { TrustedDocuments } from '../persisted-documents/index.ts';
import { createTextCache } from '../util/text-cache.ts';
import { tooLargeMessage } from './document-size.ts';

/** What a text has turned out to be: a document that is valid for the schema, or what is wrong with it. */
type KnownText =
  | { readonly document: DocumentNode }
  | { readonly document?: undefined; readonly errors: readonly GraphQLError[] };

/** Reads the text of a document. */
export type Documents = (text: string) => KnownText;

/**
 * Parses and validates each text once, and knows those again that were used last. What is trusted has been read already,
 * and no bounds apply to it.
 */
export function createDocuments(
  schema: GraphQLSchema,
  trusted?: Pick<TrustedDocuments, 'byText'>,
): Documents {
  const known = createTextCache<KnownText>();
  return (text) => {
    const before = trusted?.byText(text) ?? known.get(text);
    if (before !== undefined) return before;
    const read = readText(schema, text);
    known.set(text, read);
    return read;
  };
}

function readText(schema: GraphQLSchema, text: string): KnownText {
  const document = parsed(text);
  if (document instanceof GraphQLError) return { errors: [requestError(document, 'GRAPHQL_PARSE_FAILED')] };
  const tooLarge = tooLargeMessage(document);
  if (tooLarge !== undefined) return { errors: [clientError('GRAPHQL_VALIDATION_FAILED', tooLarge)] };
  const problems = validate(schema, document);
  if (problems.length === 0) return { document };
  return { errors: problems.map((problem) => requestError(problem, 'GRAPHQL_VALIDATION_FAILED')) };
}

function parsed(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    if (error instanceof RangeError) return new GraphQLError('The document is nested too deeply.');
    throw error;
  }
}
