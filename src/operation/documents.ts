import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoFragmentCyclesRule,
  parse,
  Source,
  validate,
} from 'graphql';
import type { Caller } from '../caller/caller.ts';
import { requestError } from '../errors.ts';
import type { TrustedDocuments } from '../persisted-documents/index.ts';
import { createTextCache, textOfDocuments } from '../util/text-cache.ts';
import {
  type DocumentBounds,
  tooLarge,
  tooLargeError,
  tooLongError,
  tooMuchWork,
} from './document-bounds.ts';
import { type DocumentSize, sizeOf } from './document-size.ts';
import { type MayIntrospect, withoutSuggestion } from './introspection.ts';

/** What a text has turned out to be: a document that is valid for the schema, or what is wrong with it. */
type ReadText = Valid | Wrong;

interface Valid {
  readonly document: DocumentNode;
}

interface Wrong {
  readonly document?: undefined;
  readonly errors: readonly GraphQLError[];
}

/** What is kept of a text that is wrong, whoever has sent it. */
interface KnownWrong extends Wrong {
  /** For those who must not learn names in the schema. */
  readonly withoutNames: Wrong;
}

/** Reads the texts of documents. */
export interface Documents {
  /** @param caller who sends it, and is told what is wrong with it */
  read(text: string, caller: Caller): ReadText;
  /** Whether a text is known to be a document that is valid, so that nothing is left to be read of it. */
  isKnownValid(text: string): boolean;
}

export interface DocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly bounds: DocumentBounds;
  readonly mayIntrospect: MayIntrospect;
  /** Documents that have been read already, and that no bounds apply to. */
  readonly trusted?: Pick<TrustedDocuments, 'byText'> | undefined;
}

/** How many characters texts have together of which it is kept what is wrong with them. */
const textOfWrong = 200_000;

/**
 * Parses and validates each text once, and knows those again that were used last. Those that are wrong are kept apart: they
 * must not put out documents, which are all that some addresses may ask for.
 */
export function createDocuments(options: DocumentsOptions): Documents {
  const { trusted, mayIntrospect } = options;
  const valid = createTextCache<Valid>(textOfDocuments);
  const wrong = createTextCache<KnownWrong>(textOfWrong);
  const readOnce = (text: string): Valid | KnownWrong => {
    const before = trusted?.byText(text) ?? valid.get(text) ?? wrong.get(text);
    if (before !== undefined) return before;
    const read = readText(options, text);
    if (read.document === undefined) wrong.set(text, read);
    else valid.set(text, read);
    return read;
  };
  return {
    read(text, caller) {
      const read = readOnce(text);
      return read.document !== undefined || mayIntrospect(caller) ? read : read.withoutNames;
    },

    isKnownValid: (text) => trusted?.byText(text) !== undefined || valid.has(text),
  };
}

function readText({ schema, bounds }: DocumentsOptions, text: string): Valid | KnownWrong {
  const document = tooLongError(text, bounds) ?? parsed(text, bounds);
  if (document instanceof GraphQLError) return refused(document);
  const size = sizeOf(document);
  const problem = tooLargeError(document, bounds, size);
  if (problem !== undefined) return refused(problem);
  const problems = problemsOf(schema, document, size);
  if (problems.some(isAboutWork)) return refused(tooMuchWork());
  return problems.length === 0 ? { document } : invalid(problems);
}

/** Whoever sends a document has mended it before this many problems, and each of them takes time to find. */
const validation = { maxErrors: 20 };

/** Of fragments that spread themselves nothing else is told: most rules would go round with them. */
function problemsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  { isCyclic }: DocumentSize,
): readonly GraphQLError[] {
  const cycles = isCyclic ? validate(schema, document, [NoFragmentCyclesRule], validation) : [];
  return cycles.length > 0 ? cycles : validate(schema, document, undefined, validation);
}

/** How graphql-js says that it has gone on for too long. */
function isAboutWork({ message }: GraphQLError): boolean {
  return message === 'Validation aborted.';
}

/** What is the same for everybody. */
function refused(error: GraphQLError): KnownWrong {
  const errors = [error];
  return { errors, withoutNames: { errors } };
}

function invalid(problems: readonly GraphQLError[]): KnownWrong {
  const coded = (problem: GraphQLError) => requestError(problem, 'GRAPHQL_VALIDATION_FAILED');
  return {
    errors: problems.map(coded),
    withoutNames: { errors: problems.map(withoutSuggestion).map(coded) },
  };
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
