import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Connection, type Shared } from './connection.ts';

export interface Listening {
  readonly url: string;
  /** Takes no more requests, lets those in flight finish, and closes their connections. */
  drain(): Promise<void>;
}

/** What clients may ask of the server's sockets. Times are in seconds. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** How long requests in flight may take to finish when draining. */
  readonly drainTimeout: number;
  /** How long the head of a request may take to come. */
  readonly headersTimeout: number;
  /** How long a whole request may. */
  readonly requestTimeout: number;
  /** How long a connection may be idle between requests. */
  readonly keepAliveTimeout: number;
  /** How long a client may take to read what is sent, and a second more for each 64 kB. */
  readonly writeTimeout: number;
  /** How many connections there may be. */
  readonly maxConnections: number;
  /** How many requests of one connection are answered at the same time. */
  readonly maxPipelined: number;
  /** No further one is begun while more bytes than that are unsent. */
  readonly maxUnsentBytes: number;
}

/** How often clients that are too slow are looked for, in milliseconds. */
const checkingInterval = 1000;

/** Listens for HTTP, and answers no more at a time than is allowed. */
export async function listen(listener: RequestListener, options: ListenOptions): Promise<Listening> {
  const { host, port, drainTimeout, requestTimeout } = options;
  const connections = new Map<Socket, Connection>();
  const server = createServer(
    {
      headersTimeout: Math.min(options.headersTimeout, requestTimeout) * 1000,
      requestTimeout: requestTimeout * 1000,
      keepAliveTimeout: options.keepAliveTimeout * 1000,
      connectionsCheckingInterval: checkingInterval,
    },
    (request, response) => {
      connections.get(request.socket)?.receive(request, response);
    },
  );
  const admit = createAdmit(connections, listener, options);
  server.on('connection', admit);
  const checking = setInterval(() => {
    const now = performance.now();
    for (const connection of connections.values()) connection.checkReader(now);
  }, checkingInterval).unref();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // A server that listens on TCP has an address of this shape.
  const { port: actual } = server.address() as AddressInfo;
  const shown = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${shown}:${actual}`,
    async drain() {
      await drain(server, connections, drainTimeout);
      clearInterval(checking);
    },
  };
}

/** What takes a connection, in the place of an idle one where there are too many. */
function createAdmit(
  connections: Map<Socket, Connection>,
  listener: RequestListener,
  { maxConnections, maxPipelined, maxUnsentBytes, writeTimeout }: ListenOptions,
): (socket: Socket) => void {
  const bounds = { maxPipelined, maxUnsentBytes, writeTimeoutMs: writeTimeout * 1000 };
  const shared: Shared = { waiting: 0 };
  return (socket) => {
    if (connections.size >= maxConnections && !endIdle(connections)) {
      socket.destroy();
      return;
    }
    connections.set(socket, new Connection(socket, listener, bounds, shared));
    socket.once('close', () => connections.delete(socket));
  };
}

/** Ends the oldest of the connections that do nothing; false where there is none. */
function endIdle(connections: Map<Socket, Connection>): boolean {
  for (const [socket, connection] of connections) {
    if (!connection.isIdle) continue;
    socket.destroy();
    connections.delete(socket);
    return true;
  }
  return false;
}

async function drain(
  server: Server,
  connections: ReadonlyMap<Socket, Connection>,
  timeout: number,
): Promise<void> {
  // Connections that are kept alive would otherwise go on bringing requests, or stay open for nothing.
  server.prependListener('request', (_request, response) => {
    response.setHeader('Connection', 'close');
  });
  const closed = new Promise<void>((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
  for (const connection of connections.values()) connection.closeWhenDone();
  const deadline = setTimeout(() => {
    server.closeAllConnections();
  }, timeout * 1000);
  await closed;
  clearTimeout(deadline);
}
