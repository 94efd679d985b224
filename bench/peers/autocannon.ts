/** Sends the load that is given as JSON, and writes what came of it as a line of JSON. */
import autocannon, { type Request } from 'autocannon';
import type { Ask } from '../http/ask.ts';
import { rejectionMark } from '../http/check.ts';
import type { Load, LoadResult } from '../http/load.ts';
import { numberPlace } from '../http/operations.ts';

const load = JSON.parse(process.argv[2] ?? '') as Load;
const { url, asks, order, connections, seconds, expected, prefix } = load;
let sent = 0;
let mismatches = 0;

function toRequest({ method, path, headers, body }: Ask): Request {
  const request: Request = { method, path, headers, ...(body !== '' && { body }) };
  if (!body.includes(numberPlace)) return request;
  const setupRequest = (made: Request): Request => ({
    ...made,
    body: body.replaceAll(numberPlace, `${prefix}${sent++}`),
  });
  return { ...request, setupRequest };
}

function isRejection(status: number, body: string): boolean {
  return expected === 'status' ? status === 429 : status === 200 && body.includes(rejectionMark);
}

function watched(request: Request): Request {
  const onResponse = (status: number, body: string): void => {
    if (!isRejection(status, body)) mismatches += 1;
  };
  return expected === 'success' ? request : { ...request, onResponse };
}

const requests = order.flatMap((index) => asks[index] ?? []).map((ask) => watched(toRequest(ask)));
const {
  requests: answered,
  latency,
  errors,
  non2xx,
  duration,
} = await autocannon({
  url,
  connections,
  duration: seconds,
  requests,
});
const result: LoadResult = {
  requests: answered.total,
  seconds: duration,
  p50: latency.p50,
  p99: latency.p99,
  failures: (expected === 'success' ? non2xx : mismatches) + errors,
};
console.log(JSON.stringify(result));
