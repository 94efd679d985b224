import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Has a server listen on any free port and writes its URL. */
export function announce(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    // A server that listens on TCP has an address of this shape.
    const { port } = server.address() as AddressInfo;
    console.log(`http://127.0.0.1:${port}`);
  });
}
