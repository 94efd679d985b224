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

function watched(request: Request): Request {
  const onResponse = (_status: number, body: string): void => {
    if (!body.includes(rejectionMark)) mismatches += 1;
  };
  return expected === 'body' ? { ...request, onResponse } : request;
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
const unexpected = { success: non2xx, status: answered.total - non2xx, body: non2xx + mismatches }[expected];
const result: LoadResult = {
  requests: answered.total,
  seconds: duration,
  p50: latency.p50,
  p99: latency.p99,
  failures: unexpected + errors,
};
console.log(JSON.stringify(result));
