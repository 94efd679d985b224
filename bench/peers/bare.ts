/** What `node:http` can do at best: reads the request's body and writes the same answer each time. */
import { createServer } from 'node:http';
import { announce } from './announce.ts';
import { variable } from './variable.ts';

const status = Number(variable('STATUS'));
const body = Buffer.from(variable('BODY'));
const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': body.byteLength };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks);
    response.writeHead(status, headers).end(body);
  });
});
announce(server);
