import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a server, which can be cut as the network can. */
export interface Way {
  readonly port: number;
  /** Breaks all connections, and refuses new ones. */
  cut(): Promise<void>;
  /** Lets nothing through any more, and tells nobody. @param which whether it lets connections through that are made later */
  block(which?: 'all' | 'old'): void;
  /** Lets nothing more through on the connections that there are, but new ones. */
  blockOpen(): void;
  /** Makes it whole again. */
  mend(): Promise<void>;
}

/** Opens a way to a port of 127.0.0.1, which ends with the test. */
export async function openWay(target: number): Promise<Way> {
  const sockets = new Set<Socket>();
  let isBlocked = false;
  let server = listenForAll();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // A server that listens on TCP has an address of this shape.
  const { port } = server.address() as AddressInfo;

  function listenForAll(): Server {
    return createServer((near) => {
      const far = connect(target, '127.0.0.1');
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
      if (isBlocked) hold(near);
    });
  }

  const way: Way = {
    port,
    async cut() {
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    block(which = 'all') {
      isBlocked = which === 'all';
      for (const socket of sockets) hold(socket);
    },
    blockOpen() {
      for (const socket of sockets) hold(socket);
    },
    async mend() {
      isBlocked = false;
      for (const socket of sockets) socket.destroy();
      if (server.listening) return;
      server = listenForAll();
      await once(server.listen(port, '127.0.0.1'), 'listening');
    },
  };
  onTestFinished(() => way.cut());
  return way;
}

function hold(socket: Socket): void {
  socket.unpipe();
  socket.pause();
}
