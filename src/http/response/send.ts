import type { ServerResponse } from 'node:http';
import type { HttpResponse } from './make-response.ts';

/**
 * Sends a reply. Fields that are set on the response already stay where the reply has none of their names.
 * @throws Error where a field cannot be sent; the response is as if nothing had been sent then
 */
export function send(response: ServerResponse, { status, fields, ownFields, body }: HttpResponse): void {
  for (const [name, value] of ownFields ?? []) response.setHeader(name, value);
  response.writeHead(status, fields);
  endTogether(response, body);
}

type Body = string | Buffer | undefined;

/** Bytes. A larger body is not copied for the sake of one write. */
const largestText = 65_536;

let endings: { readonly response: ServerResponse; readonly body: Body }[] = [];

/**
 * Ends a response before the turn of the event loop is over, once all that has come in with it has been seen to. A write
 * has to wake a client, or a proxy, that has nothing else to do, which takes the system longer than the write itself.
 * While it is awake, it takes in the others that follow.
 * @internal
 */
export function endTogether(response: ServerResponse, body: Body): void {
  if (endings.push({ response, body }) === 1) setImmediate(endAll);
}

function endAll(): void {
  const all = endings;
  endings = [];
  for (const { response, body } of all) end(response, body);
}

function end(response: ServerResponse, body: Body): void {
  // Node sends a text in one piece with the head, and bytes in another one. In Latin-1 every byte stays what it is.
  if (Buffer.isBuffer(body) && body.length <= largestText) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}
