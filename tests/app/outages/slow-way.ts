import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a Redis server that takes its time, as one to another city does. */
export interface SlowWay {
  readonly port: number;
  /** How often somebody has had to wait for a script; those sent before the answer to the first one count once. */
  readonly roundTrips: number;
}

/** Opens a way to a port of 127.0.0.1 that takes so many milliseconds in each direction, and ends with the test. */
export async function openSlowWay(target: number, ms: number): Promise<SlowWay> {
  const sockets = new Set<Socket>();
  let roundTrips = 0;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    let isAwaited = false;
    near.on('data', (chunk) => {
      const isScript = chunk.includes('evalsha');
      if (isScript && !isAwaited) roundTrips += 1;
      isAwaited ||= isScript;
      setTimeout(() => far.write(chunk), ms);
    });
    far.on('data', (chunk) => {
      setTimeout(() => {
        isAwaited = false;
        near.write(chunk);
      }, ms);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => other.destroy());
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  // A server that listens on TCP has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    get roundTrips() {
      return roundTrips;
    },
  };
}
