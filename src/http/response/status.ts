import type { ErrorCode } from '../../errors.ts';
import type { OperationResponse } from '../../operation/response.ts';
import { createNegotiate, type JsonMediaType } from '../request/media-type.ts';
import { isBatch, isWritten } from './body.ts';

/** The HTTP status of a response without data, by the code of its first error. */
const statusByCode: Record<ErrorCode, number> = {
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  // nginx's: nobody will see it.
  CLIENT_CLOSED_REQUEST: 499,
  CONFLICT: 409,
  EXECUTION_TIMEOUT: 504,
  COST_EXCEEDED: 400,
  DOCUMENT_TOO_LARGE: 400,
  FORBIDDEN: 403,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  INTERNAL_SERVER_ERROR: 500,
  LIMITER_UNAVAILABLE: 503,
  METHOD_NOT_ALLOWED: 405,
  MISDIRECTED_REQUEST: 421,
  NOT_ACCEPTABLE: 406,
  NOT_FOUND: 404,
  OPERATION_RESOLUTION_FAILURE: 400,
  PAYLOAD_TOO_LARGE: 413,
  // As Apollo Server answers: clients go by the code, and some read it from a response that succeeded only.
  PERSISTED_QUERY_NOT_FOUND: 200,
  PERSISTED_QUERY_NOT_SUPPORTED: 200,
  PREFLIGHT_REQUIRED: 403,
  RATE_LIMITED: 429,
  RATE_LIMIT_COST_EXCEEDED: 429,
  RESPONSE_TOO_LARGE: 422,
  TRUSTED_DOCUMENT_REQUIRED: 400,
  UNAUTHENTICATED: 401,
  UNSUPPORTED_MEDIA_TYPE: 415,
};

/** Well-formed requests whose operation cannot run. Clients that ask for `application/json` expect 200 for these. */
const requestErrors: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'COST_EXCEEDED',
  'DOCUMENT_TOO_LARGE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'TRUSTED_DOCUMENT_REQUIRED',
]);

/** Codes of operations that limits reject. */
const rejections: ReadonlySet<unknown> = new Set<ErrorCode>(['RATE_LIMITED', 'RATE_LIMIT_COST_EXCEEDED']);

/**
 * The HTTP status of a response, by the GraphQL over HTTP specification: whatever has an entry `data` is 200; without
 * one it is 4xx or 5xx, but for the legacy media type, which has 200 for every well-formed request that names no status.
 * A batch is 200 whatever is in it.
 * @param rejectStatus the status of a rejection by limits on the legacy media type
 */
export function statusOf(
  response: OperationResponse | readonly OperationResponse[],
  mediaType: JsonMediaType,
  rejectStatus: 429 | 200 = 429,
): number {
  if (isBatch(response) || isWritten(response) || response.data !== undefined) return 200;
  const code = response.errors?.[0]?.extensions?.['code'];
  if (mediaType === 'application/json' && requestErrors.has(code)) return 200;
  if (mediaType === 'application/json' && rejections.has(code)) return rejectStatus;
  return isErrorCode(code) ? statusByCode[code] : 400;
}

const negotiate = createNegotiate({ stream: true, html: false });

/** The status of responses that an engine sends itself, by what their clients accept. A stream is 200. */
export function createStatusFor(
  rejectStatus: 429 | 200,
): (response: OperationResponse, accept: string | undefined) => number {
  return (response, accept) => {
    const accepted = negotiate(accept);
    return accepted.kind === 'json' ? statusOf(response, accepted.mediaType, rejectStatus) : 200;
  };
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(statusByCode, code);
}
