import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

/** Bytes. A larger body is not copied for the sake of one write. */
const largestText = 65_536;

/** Sends a reply in one go. Fields that are set on the response already stay where the reply has none of their names. */
export function respond(response: ServerResponse, { status, fields, ownFields, body }: Reply): void {
  for (const [name, value] of ownFields ?? []) response.setHeader(name, value);
  response.writeHead(status, fields);
  // Node sends a text in one piece with the head, and bytes in another one. In Latin-1 every byte stays what it is.
  if (Buffer.isBuffer(body) && body.length <= largestText) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}
