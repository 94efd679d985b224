import { type DocumentNode, type GraphQLError, Kind } from 'graphql';
import { clientError } from '../errors.ts';
import { comparedIn } from './compared-pairs.ts';
import { sizeOf } from './document-size.ts';

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
 * Validation compares every two fields that have one name in one place of the response, and every two fragments there,
 * and goes through all fragments for each operation. Each such pair takes a fraction of what else a field takes.
 */
const pairsPerField = 10;

/** Selections that it goes through for that: each fragment by itself, and again wherever it is spread. */
const selectionsPerField = 40;

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
export function tooLargeError(
  document: DocumentNode,
  bounds: DocumentBounds,
  size = sizeOf(document),
): GraphQLError | undefined {
  const nesting = nestingOf(document);
  if (nesting > bounds.depth) return tooLarge('depth', nesting, bounds);
  for (const name of ['fields', 'aliases', 'depth'] as const) {
    if (size[name] > bounds[name]) return tooLarge(name, size[name], bounds);
  }
  return size.isCyclic ? undefined : comparesTooMuch(document, bounds);
}

function comparesTooMuch(
  document: DocumentNode,
  { fields, depth }: DocumentBounds,
): GraphQLError | undefined {
  const [pairs, selections] = [fields * pairsPerField, fields * selectionsPerField];
  const { definitions } = document;
  const operations = definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
  if (operations * definitions.length > pairs) return tooMuchCompared(operationPairs, pairs);
  const compared = comparedIn(document, { pairs, selections, depth });
  if (compared.pairs > pairs) return tooMuchCompared(selectionPairs, pairs);
  return compared.selections > selections ? tooMuchCompared(spreadSelections, selections) : undefined;
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

const operationPairs = 'pairs of an operation with an operation or a fragment';
const selectionPairs = 'pairs of fields with one name, or of fragments, in one place';
const spreadSelections = 'selections, those of each fragment counted by themselves and wherever it is spread';

function tooMuchCompared(what: string, limit: number): GraphQLError {
  return clientError(
    'DOCUMENT_TOO_LARGE',
    `The document has more than ${limit} ${what}, and may have ${limit}, which follows from ${variables.fields}. ` +
      'Ask for less, or in several requests.',
    { bound: variables.fields, limit },
  );
}

/** The error of a document that graphql-js itself did not validate to its end. */
export function tooMuchWork(): GraphQLError {
  return clientError(
    'DOCUMENT_TOO_LARGE',
    'The document takes too long to validate: its operations use too many variables in too many fragments, or what it ' +
      'asks for twice has to be compared too often. Ask for less, or in several requests.',
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
