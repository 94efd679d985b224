import type { DocumentNode, GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import { sizeOf } from './document-size.ts';
import { fieldPairsOf } from './field-pairs.ts';

/** How large a document may be. Parsing, validation and planning take no more than a time that these bound. */
export interface DocumentBounds {
  /** Tokens of the text, and values in the variables. */
  readonly tokens: number;
  /** Fields, those of a fragment counted wherever it is spread. */
  readonly fields: number;
  /** Fields with an alias, counted like fields. */
  readonly aliases: number;
  /** Selection sets, or brackets of any kind, inside each other; those of fragments included. */
  readonly depth: number;
}

/** The environment variable that changes each bound. */
const variables = {
  tokens: 'DOCUMENT_TOKENS',
  fields: 'DOCUMENT_FIELDS',
  aliases: 'DOCUMENT_ALIASES',
  depth: 'DOCUMENT_DEPTH',
} as const satisfies Record<keyof DocumentBounds, string>;

/** What is bounded by each, as a client is told. */
const counted = {
  tokens: 'tokens',
  fields: 'fields, those of a fragment counted wherever it is spread',
  aliases: 'aliases, those of a fragment counted wherever it is spread',
  depth: 'levels inside each other, those of fragments included',
} as const satisfies Record<keyof DocumentBounds, string>;

/**
 * Validation compares every two fields that have one name in one place of the response, which takes a fraction of what
 * else a field takes.
 */
const pairsPerField = 10;

/** Names, white space, comments and the text of strings included. */
const charactersPerToken = 20;

/** The error of a text that is too long to be parsed; undefined if it is not. */
export function tooLongError({ length }: string, { tokens }: DocumentBounds): GraphQLError | undefined {
  const longest = tokens * charactersPerToken;
  if (length <= longest) return undefined;
  return clientError(
    'DOCUMENT_TOO_LARGE',
    `The document has ${length} characters, and may have ${longest}: ${charactersPerToken} for each of its tokens ` +
      `(${variables.tokens}). Ask for less, or send long values as variables.`,
    { bound: variables.tokens, limit: longest, found: length },
  );
}

/**
 * The error of a document that is too large to be validated; undefined if it is not. To find out takes a time that is
 * proportional to the text, whatever fragments make of it.
 */
export function tooLargeError(document: DocumentNode, bounds: DocumentBounds): GraphQLError | undefined {
  const nesting = nestingOf(document);
  if (nesting > bounds.depth) return tooLarge('depth', nesting, bounds);
  const size = sizeOf(document);
  for (const name of ['fields', 'aliases', 'depth'] as const) {
    if (size[name] > bounds[name]) return tooLarge(name, size[name], bounds);
  }
  const mostPairs = bounds.fields * pairsPerField;
  const pairs = fieldPairsOf(document, { pairs: mostPairs, depth: bounds.depth });
  return pairs > mostPairs ? tooOftenAlike(mostPairs) : undefined;
}

/** @param found what there is; undefined where it was not counted to the end */
export function tooLarge(
  name: keyof DocumentBounds,
  found: number | undefined,
  bounds: DocumentBounds,
): GraphQLError {
  const [bound, variable] = [bounds[name], variables[name]];
  const has = found === undefined ? `more than ${bound}` : `${found}`;
  return clientError(
    'DOCUMENT_TOO_LARGE',
    `The document has ${has} ${counted[name]}, and may have ${bound} (${variable}). Ask for less, or in several requests.`,
    { bound: variable, limit: bound, ...(found !== undefined && { found }) },
  );
}

function tooOftenAlike(mostPairs: number): GraphQLError {
  return clientError(
    'DOCUMENT_TOO_LARGE',
    `The document has more than ${mostPairs} pairs of fields with one name in one place, and may have ${pairsPerField} ` +
      `for each of its fields (${variables.fields}). Ask for the same only once.`,
    { bound: variables.fields, limit: mostPairs },
  );
}

/** How many brackets of any kind are inside each other. */
function nestingOf({ loc }: DocumentNode): number {
  let [depth, deepest] = [0, 0];
  for (let token = loc?.startToken; token != null; token = token.next ?? undefined) {
    if (opening.has(token.kind)) deepest = Math.max(deepest, ++depth);
    else if (closing.has(token.kind)) depth -= 1;
  }
  return deepest;
}

const opening: ReadonlySet<string> = new Set(['{', '[', '(']);
const closing: ReadonlySet<string> = new Set(['}', ']', ')']);
