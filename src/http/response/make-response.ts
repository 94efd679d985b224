import { responseTooLarge } from '../../operation/lifetimes.ts';
import type { LimitReporter } from '../../operation/limit-reporter.ts';
import type { RunResult } from '../../operation/run.ts';
import type { HeaderField } from '../../rate-limit/index.ts';
import type { Clock } from '../../util/clock.ts';
import { memoize } from '../../util/memoize.ts';
import type { CorsFields } from '../cors.ts';
import type { JsonMediaType } from '../request/media-type.ts';
import { allowedMethods } from '../request/methods.ts';
import { bodyOf, isWhole } from './body.ts';
import { cacheFields, isForOne } from './cache-fields.ts';
import { type ConditionalRequest, isNotModified } from './not-modified.ts';
import { statusOf } from './status.ts';

/** What is sent to a client. */
export interface HttpResponse {
  readonly status: number;
  /** Names and values in turn, as `node:http` takes them. */
  readonly fields: string[];
  /** Those that resolvers have set, where they are not among the others. */
  readonly ownFields?: ReadonlyMap<string, string> | undefined;
  /** Undefined: there is none. */
  readonly body?: string | Buffer | undefined;
}

/** A request, as its reply depends on it. */
interface NegotiatedRequest {
  readonly request: ConditionalRequest;
  readonly requestId: string;
  readonly mediaType: JsonMediaType;
  readonly cors: CorsFields;
}

export interface ResponseOptions {
  readonly limitReporter: LimitReporter;
  /** The HTTP status of an operation that limits reject, for clients that accept `application/json`. */
  readonly rejectStatus: 429 | 200;
  /** The largest body, in bytes. */
  readonly responseLimit: number;
  /** The header fields that say who asks. */
  readonly identifyingFields: readonly string[];
  readonly clock: Clock;
}

/** What to send to a client of what its request has come to. */
export type MakeResponse = (request: NegotiatedRequest, result: RunResult) => HttpResponse;

export function createMakeResponse({
  limitReporter,
  rejectStatus,
  responseLimit,
  identifyingFields,
  clock,
}: ResponseOptions): MakeResponse {
  const tooLarge = { errors: [responseTooLarge(responseLimit)] };
  const makeResponse: MakeResponse = (negotiated, result) => {
    const { request, requestId, mediaType, cors } = negotiated;
    const { response, admissions, headers, outcome } = result;
    const ownFields = headers === undefined || headers.size === 0 ? undefined : headers;
    const report = {
      outcome,
      // What resolvers have set is for this client only, which caches on the way could not know.
      isWhole: ownFields === undefined && isWhole(response),
      isLimited: admissions.some(({ isLimited }) => isLimited),
      now: clock.now(),
    };
    const fields = ['X-Request-Id', requestId];
    append(fields, cors.fields);
    append(fields, limitReporter.fields(admissions));
    append(fields, cacheFields(report));
    fields.push('Vary', varyOf(cors, ownFields, isForOne(report) ? identifyingFields : none));
    const etag = report.isWhole ? outcome?.answer?.etag : undefined;
    if (etag !== undefined && isNotModified(request, etag)) return { status: 304, fields, ownFields };
    const status = statusOf(response, mediaType, rejectStatus);
    const body = bodyOf(response, responseLimit);
    if (body === undefined) return makeResponse(negotiated, { response: tooLarge, admissions });
    fields.push(
      'Content-Type',
      `${mediaType}; charset=utf-8`,
      'Content-Length',
      `${Buffer.byteLength(body)}`,
    );
    // RFC 9110, 15.5.2 asks for it. Browsers show no dialogue for this scheme.
    if (status === 401) fields.push('WWW-Authenticate', 'Bearer');
    if (status === 405) fields.push('Allow', allowedMethods(request.method));
    return { status, fields, ownFields, body };
  };
  return makeResponse;
}

function append(fields: string[], added: readonly HeaderField[]): void {
  for (const [name, value] of added) fields.push(name, value);
}

const none: readonly string[] = [];

function varyOf(
  cors: CorsFields,
  ownFields: ReadonlyMap<string, string> | undefined,
  identifyingFields: readonly string[],
): string {
  return joinVary([...cors.vary, ...ownVary(ownFields), 'Accept', ...identifyingFields]);
}

function ownVary(fields: ReadonlyMap<string, string> | undefined): readonly string[] {
  if (fields === undefined) return none;
  return [...fields].flatMap(([name, value]) => (name.toLowerCase() === 'vary' ? [value] : []));
}

/**
 * The value of `Vary` that has all of these names, or lists of names, each once.
 * @internal
 */
export function joinVary(names: readonly string[]): string {
  return joined(names.join(','));
}

const joined = memoize((list) => {
  // In a map, because the names of fields are case-insensitive; the way in which a name was written first stays.
  const all = new Map<string, string>();
  for (const name of list.split(',')) {
    const trimmed = name.trim();
    const folded = trimmed.toLowerCase();
    if (trimmed !== '' && !all.has(folded)) all.set(folded, trimmed);
  }
  return all.has('*') ? '*' : [...all.values()].join(', ');
});
