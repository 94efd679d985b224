import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Listening {
  readonly url: string;
  /** Takes no more requests, lets those in flight finish, and closes their connections. */
  drain(): Promise<void>;
}

/**
 * Listens for HTTP.
 * @param timeout how long requests in flight may take to finish when draining, in seconds
 */
export async function listen(
  listener: RequestListener,
  { host, port, timeout }: { host: string; port: number; timeout: number },
): Promise<Listening> {
  const latest = new Map<Socket, ServerResponse>();
  const server = createServer((request, response) => {
    latest.set(request.socket, response);
    listener(request, response);
  });
  server.on('connection', (socket) => {
    socket.once('close', () => latest.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // A server that listens on TCP has an address of this shape.
  const { port: actual } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${shown}:${actual}`, drain: () => drain(server, latest, timeout) };
}

/** @param latest the last response on each connection */
async function drain(
  server: Server,
  latest: ReadonlyMap<Socket, ServerResponse>,
  timeout: number,
): Promise<void> {
  // Connections that are kept alive would otherwise go on bringing requests, or stay open for nothing.
  for (const response of latest.values()) closeAfter(response);
  server.prependListener('request', (_request, response) => {
    closeAfter(response);
  });
  const closed = new Promise<void>((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
  const deadline = setTimeout(() => {
    server.closeAllConnections();
  }, timeout * 1000);
  await closed;
  clearTimeout(deadline);
}

function closeAfter(response: ServerResponse): void {
  const { socket } = response;
  if (!response.headersSent) response.setHeader('Connection', 'close');
  else response.once('close', () => socket?.end());
}
