import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { responseTooLarge } from '../../operation/lifetimes.ts';
import type { LimitReporter } from '../../operation/limit-reporter.ts';
import type { RunResult } from '../../operation/run.ts';
import type { HeaderField } from '../../rate-limit/index.ts';
import type { Clock } from '../../util/clock.ts';
import { memoize } from '../../util/memoize.ts';
import { mapMaybePromise } from '../../util/promises.ts';
import type { CorsFields } from '../cors.ts';
import { type Coding, codingOf } from '../request/accept-encoding.ts';
import type { JsonMediaType } from '../request/media-type.ts';
import { allowedMethods } from '../request/methods.ts';
import { bodyOf, isWhole } from './body.ts';
import { cacheFields, isForOne } from './cache-fields.ts';
import { codedTag, tagTheClientHas } from './coded-tag.ts';
import { type Compressor, worthCompressing } from './compress.ts';
import type { ConditionalRequest } from './not-modified.ts';
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
  readonly request: ConditionalRequest & {
    readonly headers: { readonly 'accept-encoding'?: string | undefined };
  };
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
  /** Undefined: nothing is compressed. */
  readonly compressor: Compressor | undefined;
}

/** What to send to a client of what its request has come to. */
export type MakeResponse = (request: NegotiatedRequest, result: RunResult) => MaybePromise<HttpResponse>;

export function createMakeResponse({
  limitReporter,
  rejectStatus,
  responseLimit,
  identifyingFields,
  clock,
  compressor,
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
    const status = statusOf(response, mediaType, rejectStatus);
    const body = bodyOf(response, responseLimit);
    if (body === undefined) return makeResponse(negotiated, { response: tooLarge, admissions });
    const length = Buffer.byteLength(body);
    const isCompressible =
      compressor !== undefined && length >= worthCompressing && mayCompress(result, status, ownFields);
    fields.push('Vary', varyOf(cors, ownFields, isForOne(report) ? identifyingFields : none, isCompressible));
    const coding = isCompressible ? codingOf(request.headers['accept-encoding']) : undefined;
    const etag = report.isWhole ? outcome?.answer?.etag : undefined;
    const had = etag === undefined ? undefined : tagTheClientHas(request, etag, isCompressible, coding);
    if (had !== undefined) return { status: 304, fields: withTag(fields, had), ownFields };
    fields.push('Content-Type', `${mediaType}; charset=utf-8`);
    // RFC 9110, 15.5.2 asks for it. Browsers show no dialogue for this scheme.
    if (status === 401) fields.push('WWW-Authenticate', 'Bearer');
    if (status === 405) fields.push('Allow', allowedMethods(request.method));
    const plain = (): HttpResponse => {
      fields.push('Content-Length', `${length}`);
      return { status, fields, ownFields, body };
    };
    if (compressor === undefined || coding === undefined) return plain();
    const tag = etag === undefined ? undefined : codedTag(etag, coding);
    return mapMaybePromise(compressor.compress(body, coding, tag), (compressed) =>
      compressed === undefined || compressed.byteLength >= length
        ? plain()
        : { status, fields: codedFields(fields, coding, compressed, tag), ownFields, body: compressed },
    );
  };
  return makeResponse;
}

/**
 * Whether a response may be compressed, if it is large enough: one with data, of queries only. What a mutation returns
 * may be a secret beside what the client has sent, so that its compressed length would tell of the secret.
 */
function mayCompress(
  { isQuery, outcome }: RunResult,
  status: number,
  ownFields: ReadonlyMap<string, string> | undefined,
): boolean {
  if (status !== 200 || (isQuery !== true && outcome === undefined)) return false;
  if (ownFields === undefined) return true;
  return ![...ownFields.keys()].some((name) => ownBodyFields.has(name.toLowerCase()));
}

/** Where resolvers have set one of these, they speak of the body as it is. */
const ownBodyFields: ReadonlySet<string> = new Set(['content-encoding', 'content-length', 'etag']);

function codedFields(fields: string[], coding: Coding, body: Buffer, tag: string | undefined): string[] {
  if (tag !== undefined) withTag(fields, tag);
  fields.push('Content-Encoding', coding, 'Content-Length', `${body.byteLength}`);
  return fields;
}

/** The fields of the representation that has this entity tag. */
function withTag(fields: string[], tag: string): string[] {
  const name = fields.indexOf('ETag');
  if (name !== -1) fields[name + 1] = tag;
  return fields;
}

function append(fields: string[], added: readonly HeaderField[]): void {
  for (const [name, value] of added) fields.push(name, value);
}

const none: readonly string[] = [];
const acceptEncoding: readonly string[] = ['Accept-Encoding'];

function varyOf(
  cors: CorsFields,
  ownFields: ReadonlyMap<string, string> | undefined,
  identifyingFields: readonly string[],
  isCompressible: boolean,
): string {
  return joinVary([
    ...cors.vary,
    ...ownVary(ownFields),
    'Accept',
    ...(isCompressible ? acceptEncoding : none),
    ...identifyingFields,
  ]);
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
