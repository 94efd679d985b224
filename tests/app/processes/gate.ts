import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A URL that does not answer until it is opened. */
export interface Gate {
  readonly url: string;
  /** Resolves when somebody waits before it. */
  readonly reached: Promise<void>;
  open(): void;
}

/** A gate that ends with the test. */
export async function makeGate(): Promise<Gate> {
  const reached = Promise.withResolvers<undefined>();
  const opened = Promise.withResolvers<undefined>();
  const server = createServer((_request, response) => {
    reached.resolve(undefined);
    void opened.promise.then(() => response.end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    reached: reached.promise,
    open: () => {
      opened.resolve(undefined);
    },
  };
}
