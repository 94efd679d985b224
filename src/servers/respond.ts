import type { ServerResponse } from 'node:http';
import type { Reply } from './reply.ts';

/** Sends a reply in one go. Fields that are set on the response already stay where the reply has none of their names. */
export function respond(response: ServerResponse, { status, fields, ownFields, body }: Reply): void {
  for (const [name, value] of ownFields ?? []) response.setHeader(name, value);
  response.writeHead(status, fields).end(body);
}
