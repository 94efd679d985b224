import { GraphQLError, type GraphQLErrorExtensions, type Location, type SourceLocation } from 'graphql';

/**
 * What a client can find in `extensions.code` of an error. The HTTP status follows from it, see http/response/status.ts.
 *
 * @example
 * ```ts
 * import type { ErrorCode } from 'sluice';
 *
 * const worthRetrying: readonly ErrorCode[] = ['RATE_LIMITED', 'LIMITER_UNAVAILABLE'];
 *
 * export function isWorthRetrying(code: ErrorCode): boolean {
 *   return worthRetrying.includes(code);
 * }
 * ```
 */
export type ErrorCode =
  | 'BAD_REQUEST'
  | 'BAD_USER_INPUT'
  | 'CLIENT_CLOSED_REQUEST'
  | 'CONFLICT'
  | 'EXECUTION_TIMEOUT'
  | 'COST_EXCEEDED'
  | 'DOCUMENT_TOO_LARGE'
  | 'FORBIDDEN'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'INTERNAL_SERVER_ERROR'
  | 'LIMITER_UNAVAILABLE'
  | 'METHOD_NOT_ALLOWED'
  | 'MISDIRECTED_REQUEST'
  | 'NOT_ACCEPTABLE'
  | 'NOT_FOUND'
  | 'OPERATION_RESOLUTION_FAILURE'
  | 'PAYLOAD_TOO_LARGE'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'PREFLIGHT_REQUIRED'
  | 'RATE_LIMITED'
  | 'RATE_LIMIT_COST_EXCEEDED'
  | 'RESPONSE_TOO_LARGE'
  | 'TRUSTED_DOCUMENT_REQUIRED'
  | 'UNAUTHENTICATED'
  | 'UNSUPPORTED_MEDIA_TYPE';

/**
 * An error that a client is meant to see as it is. Whatever else is thrown is masked.
 *
 * @example
 * ```ts
 * import { clientError } from 'sluice';
 *
 * export function outOfStock(left: number): Error {
 *   return clientError('CONFLICT', `There are ${left} left.`, { left });
 * }
 * ```
 */
export function clientError(
  code: ErrorCode,
  message: string,
  extensions: GraphQLErrorExtensions = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

/** Characters. Messages can quote names and values that are as long as a request. */
const longestMessage = 500;

/** An error of a document or of its variables, with nothing that the server added for itself. */
export function requestError(error: GraphQLError, code: ErrorCode): GraphQLError {
  const { message } = error;
  const short = message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
  return placed(clientError(code, short), error);
}

/** One error can be about as many nodes as a text has room for. */
const mostLocations = 10;

/** The error with the place in the document and in the response that another one has. */
export function placed(error: GraphQLError, { nodes, source, positions, path }: GraphQLError): GraphQLError {
  const made = new GraphQLError(error.message, {
    nodes: nodes?.slice(0, mostLocations) ?? null,
    source: source ?? null,
    positions: positions?.slice(0, mostLocations) ?? null,
    path: path ?? null,
    extensions: error.extensions,
  });
  return located(made);
}

/**
 * The error with the lines and columns of its nodes. A GraphQLError goes through its source from the start to find each
 * of them, so the sources of documents are empty here, see `parseText`. Those of others have told them already.
 */
export function located(error: GraphQLError): GraphQLError {
  const { nodes, source } = error;
  if (source?.body !== '' || nodes === undefined) return error;
  return withLocations(error, nodes.flatMap(({ loc }) => loc ?? []).map(locationOf));
}

/** The error, which says that it is about these places. */
function withLocations(error: GraphQLError, locations: readonly SourceLocation[] | undefined): GraphQLError {
  return Object.defineProperty(error, 'locations', { value: locations, enumerable: true });
}

/** Where a node begins, by its first token. */
export function locationOf({ startToken: { line, column } }: Location): SourceLocation {
  return { line, column };
}

/** All problems with an input at once, by the name of the field that has them. */
export type InputProblems = Readonly<Record<string, readonly string[]>>;

/**
 * The error `BAD_USER_INPUT`, with every problem of an input by its field in `extensions.fields`.
 *
 * @example
 * ```ts
 * import { badUserInput } from 'sluice';
 *
 * export function assertName(name: string): void {
 *   if (name.trim() === '') throw badUserInput({ name: ['must not be empty'] });
 * }
 * ```
 */
export function badUserInput(fields: InputProblems): GraphQLError {
  const names = Object.keys(fields).join(', ');
  return clientError('BAD_USER_INPUT', `The input is not valid: ${names}.`, { fields });
}

/**
 * The error `UNAUTHENTICATED` of somebody who has not said who asks.
 *
 * @example
 * ```ts
 * import { type Caller, unauthenticated } from 'sluice';
 *
 * export function assertSignedIn(caller: Caller): void {
 *   if (caller.userId === undefined) throw unauthenticated('Sign in first.');
 * }
 * ```
 */
export function unauthenticated(message: string): GraphQLError {
  return clientError('UNAUTHENTICATED', message);
}

/**
 * The error `FORBIDDEN` of somebody who may not do this.
 *
 * @example
 * ```ts
 * import { type Caller, forbidden } from 'sluice';
 *
 * export function assertOwner(caller: Caller, ownerId: string): void {
 *   if (caller.userId !== ownerId) throw forbidden('This belongs to somebody else.');
 * }
 * ```
 */
export function forbidden(message: string): GraphQLError {
  return clientError('FORBIDDEN', message);
}

/**
 * The error `NOT_FOUND` of something that is asked for and not there.
 *
 * @example
 * ```ts
 * import { notFound } from 'sluice';
 *
 * export function found<Row>(row: Row | undefined): Row {
 *   if (row === undefined) throw notFound('Note not found');
 *   return row;
 * }
 * ```
 */
export function notFound(message: string): GraphQLError {
  return clientError('NOT_FOUND', message);
}

/**
 * The error `CONFLICT` of something that contradicts what is there.
 *
 * @example
 * ```ts
 * import { conflict } from 'sluice';
 *
 * export function assertFree(isTaken: boolean): void {
 *   if (isTaken) throw conflict('The name is taken.');
 * }
 * ```
 */
export function conflict(message: string): GraphQLError {
  return clientError('CONFLICT', message);
}

/** Whether an error has a code. */
export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof GraphQLError && error.extensions['code'] === code;
}

/** Whether an error, as clients see it, stands for something that went wrong in the server. */
export function isFailure({ extensions }: GraphQLError): boolean {
  return extensions['code'] === ('INTERNAL_SERVER_ERROR' satisfies ErrorCode);
}

/** The codes of errors that come before anything is done. */
const withoutEffect: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'LIMITER_UNAVAILABLE',
  'RATE_LIMITED',
  'RATE_LIMIT_COST_EXCEEDED',
  'UNAUTHENTICATED',
]);

/** Whether a field that failed with this error has done nothing, as far as its code tells. */
export function hasNoEffect(error: unknown): boolean {
  return error instanceof GraphQLError && withoutEffect.has(error.extensions['code']);
}
