import type { ServerResponse } from 'node:http';
import { endTogether } from './end-together.ts';
import type { Reply } from './response.ts';

/**
 * Sends a reply. Fields that are set on the response already stay where the reply has none of their names.
 * @throws Error where a field cannot be sent; the response is as if nothing had been sent then
 */
export function send(response: ServerResponse, { status, fields, ownFields, body }: Reply): void {
  for (const [name, value] of ownFields ?? []) response.setHeader(name, value);
  response.writeHead(status, fields);
  endTogether(response, body);
}
