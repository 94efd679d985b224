import { Agent, request } from 'node:http';
import type { HostileRequest } from './corpus/index.ts';

/** What a server has made of a request. */
export interface Outcome {
  /** The HTTP status, with the code of the first error in the body; `gone` where there was no answer. */
  readonly told: string;
  /** The length of the body. */
  readonly bytes: number;
}

/** Milliseconds. */
const patience = 300_000;

const agent = new Agent({ keepAlive: true });
let addresses = 0;

/** An address that nobody has asked from before. */
export function newAddress(): string {
  addresses += 1;
  return `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
}

/** Sends a request from an address, unless its own fields tell of one. */
export function send(url: string, asked: HostileRequest, address: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const gone = (): void => {
      resolve({ told: 'gone', bytes: 0 });
    };
    const headers = { 'X-Forwarded-For': address, ...asked.headers };
    const asking = request(new URL(asked.path, url), { agent, method: asked.method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.once('error', gone);
      response.once('end', () => {
        const body = Buffer.concat(parts);
        const [, code] = /"code":"(\w+)"/.exec(body.subarray(0, 10_000).toString()) ?? [];
        resolve({ told: [response.statusCode, code].join(' ').trim(), bytes: body.length });
      });
    });
    asking.once('error', gone);
    asking.setTimeout(patience, () => asking.destroy());
    if (asked.body !== undefined) asking.setHeader('Content-Length', Buffer.byteLength(asked.body));
    asking.end(asked.body);
  });
}
