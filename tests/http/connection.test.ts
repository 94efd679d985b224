import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Connection } from '../../src/http/connection.ts';

it('ends a connection whose client has not read in time, by the size of what is unsent', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const [socket] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const bounds = { maxPipelined: 1, maxUnsentBytes: 0, writeTimeoutMs: 1000 };
  const connection = new Connection(socket, () => undefined, bounds, { waiting: 0 });
  connection.checkReader(0);
  socket.write(Buffer.alloc(64_000_000));
  connection.checkReader(5000);
  connection.checkReader(1_005_999);
  expect(socket.destroyed).toBe(false);
  connection.checkReader(1_006_000);
  expect(socket.destroyed).toBe(true);
});
