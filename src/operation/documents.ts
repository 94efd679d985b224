import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, Source, validate } from 'graphql';
import { requestError } from '../errors.ts';
import type { TrustedDocuments } from '../persisted-documents/index.ts';
import { createTextCache } from '../util/text-cache.ts';
import { type DocumentBounds, tooLarge, tooLargeError, tooLongError } from './document-bounds.ts';

/** What a text has turned out to be: a document that is valid for the schema, or what is wrong with it. */
type KnownText =
  | { readonly document: DocumentNode }
  | { readonly document?: undefined; readonly errors: readonly GraphQLError[] };

/** Reads the texts of documents. */
export interface Documents {
  read(text: string): KnownText;
  /** Whether a text is known to be a document that is valid, so that nothing is left to be read of it. */
  isKnownValid(text: string): boolean;
}

export interface DocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly bounds: DocumentBounds;
  /** Documents that have been read already, and that no bounds apply to. */
  readonly trusted?: Pick<TrustedDocuments, 'byText'> | undefined;
}

/** Parses and validates each text once, and knows those again that were used last. */
export function createDocuments(options: DocumentsOptions): Documents {
  const { trusted } = options;
  const known = createTextCache<KnownText>();
  return {
    read(text) {
      const before = trusted?.byText(text) ?? known.get(text);
      if (before !== undefined) return before;
      const read = readText(options, text);
      known.set(text, read);
      return read;
    },

    isKnownValid: (text) => (trusted?.byText(text) ?? known.peek(text))?.document !== undefined,
  };
}

/** Whoever sends a document has mended it before this many problems, and each of them takes time to find. */
const mostProblems = 20;

function readText({ schema, bounds }: DocumentsOptions, text: string): KnownText {
  const document = tooLongError(text, bounds) ?? parsed(text, bounds);
  if (document instanceof GraphQLError) return { errors: [document] };
  const problem = tooLargeError(document, bounds);
  if (problem !== undefined) return { errors: [problem] };
  const problems = validate(schema, document, undefined, { maxErrors: mostProblems });
  if (problems.length === 0) return { document };
  return { errors: problems.map((each) => requestError(each, 'GRAPHQL_VALIDATION_FAILED')) };
}

function parsed(text: string, bounds: DocumentBounds): DocumentNode | GraphQLError {
  try {
    return parseText(text, bounds.tokens);
  } catch (error) {
    // The parser calls itself for what is nested.
    if (error instanceof RangeError) return tooLarge('depth', undefined, bounds);
    if (!(error instanceof GraphQLError)) throw error;
    if (isAboutTokens.test(error.message)) return tooLarge('tokens', undefined, bounds);
    return requestError(error, 'GRAPHQL_PARSE_FAILED');
  }
}

/** How graphql-js says that it has stopped at its `maxTokens`. */
const isAboutTokens = /^Syntax Error: Document contains more that \d+ tokens/;

/** Parses a text. The source of its nodes is empty then, so that an error that is about one of them does not go through it. */
function parseText(text: string, maxTokens: number): DocumentNode {
  const source = new Source(text);
  const document = parse(source, { maxTokens });
  source.body = '';
  return document;
}
