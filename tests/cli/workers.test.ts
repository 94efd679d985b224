import { once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { sendPlain } from '../support/client.ts';
import { createUser } from '../support/people.ts';
import { type Program, sluice, start, temporaryDatabase } from '../support/program.ts';
import { post } from '../support/requests.ts';
import { root } from '../support/source-files.ts';

interface Workers {
  readonly program: Program;
  readonly url: string;
}

/** Two workers; their log, which tells their process ids, goes where the rest of the output goes. */
async function startWorkers(): Promise<Workers> {
  const command = ['-c', 'exec "$0" "$@" 2>&1', process.execPath, join(root, 'src/main.ts')];
  const env = { PORT: '0', DATABASE_URL: temporaryDatabase() };
  const program = start('/bin/sh', [...command, 'serve', '--workers', '2'], env);
  const [, url = ''] = await program.output(/\(yoga, 2 workers\) serves (\S+)\/graphql/);
  return { program, url };
}

/** The process ids of so many workers, once that many have listened, in their order. */
async function pidsOf(program: Program, count: number): Promise<number[]> {
  const { input } = await program.output(new RegExp(`(?:a worker listens[^]*){${count}}`));
  return [...input.matchAll(/"worker":(\d+),"url"/g)].map(([, pid]) => Number(pid));
}

/** Sends an operation so often at once, each time on a connection of its own: the workers take these in turn. */
async function askOften(url: string, times: number, query: string): Promise<string[]> {
  const { headers, ...rest } = post({ query });
  const asking = Array.from({ length: times }, async () => {
    const reply = await sendPlain(url, { ...rest, headers: { ...headers, connection: 'close' } });
    return `${String(reply.status)} ${reply.text}`;
  });
  return Promise.all(asking);
}

/** A request of which a worker has the head and waits for the rest. */
async function sendHead(url: string): Promise<ClientRequest> {
  const headers = { 'content-type': 'application/json', expect: '100-continue' };
  const inFlight = request(`${url}/graphql`, { method: 'POST', headers, agent: false });
  inFlight.flushHeaders();
  await once(inFlight, 'continue');
  return inFlight;
}

async function finish(inFlight: ClientRequest): Promise<string> {
  inFlight.end(JSON.stringify({ query: '{ health { status } }' }));
  // What a response begins with.
  const [response] = (await once(inFlight, 'response')) as [IncomingMessage];
  return text(response);
}

const health = '{"data":{"health":{"status":"OK"}}}';

describe('several workers', () => {
  it('serve one port as one server, and another one takes the place of one that ends', async () => {
    const { program, url } = await startWorkers();
    const [killed = 0] = await pidsOf(program, 2);

    const products = await askOften(url, 12, '{ products { name } }');
    expect(products.filter((reply) => reply.startsWith('200 '))).toHaveLength(5);
    expect(products.filter((reply) => reply.startsWith('429 '))).toHaveLength(7);

    const users = '{ users { name } }';
    expect((await askOften(url, 4, users)).join()).not.toContain('Grace');
    await createUser(url, { name: 'Grace', email: 'grace@example.com', password: 'correct horse' });
    expect(await askOften(url, 4, users)).toEqual(Array(4).fill(expect.stringContaining('Grace')));

    process.kill(killed, 'SIGKILL');
    await program.output(new RegExp(`"worker":${killed},"code":null,"signal":"SIGKILL"`));
    const allWell = Array(10).fill(`200 ${health}`);
    expect(await askOften(url, 10, '{ health { status } }')).toEqual(allWell);
    expect(new Set(await pidsOf(program, 3)).size).toBe(3);
    expect(await askOften(url, 10, '{ health { status } }')).toEqual(allWell);

    const inFlight = [await sendHead(url), await sendHead(url)];
    program.kill('SIGTERM');
    await program.output(/a worker is told to end/);
    // The other one takes it.
    expect(await askOften(url, 1, '{ health { status } }')).toEqual([`200 ${health}`]);
    expect(await Promise.all(inFlight.map(finish))).toEqual([health, health]);

    const { code, stdout } = await program.exit;
    expect(code).toBe(0);
    expect(stdout.match(/a worker is told to end/g)).toHaveLength(2);
    expect(stdout.match(/Admin API key/g)).toHaveLength(1);
    expect(stdout).not.toContain('slk_');
    expect(stdout.match(/GraphiQL/g)).toHaveLength(1);
  });

  it('finish what is in flight and end when their primary is killed', async () => {
    const program = start(process.execPath, [join(root, 'tests/cli/workers-work-program.ts')]);
    const [, url = ''] = await program.output(/"url":"([^"]+)"/);
    const inFlight = await sendHead(url);
    program.kill('SIGKILL');
    await vi.waitFor(async () => {
      await expect(askOften(url, 1, '{ health { status } }')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }, 10_000);
    expect(await finish(inFlight)).toBe(health);
    // Its output closes when none of them has it open any more.
    expect((await program.exit).code).toBe(null);
  });

  it('do not start when the port is taken, which is told once, after what is told of the configuration', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    // Of a server that listens on a port.
    const { port } = other.address() as AddressInfo;
    const stores = { RATE_LIMIT_STORE: 'memory', RESPONSE_CACHE_STORE: 'memory' };
    const env = { PORT: String(port), DATABASE_URL: temporaryDatabase(), LOG_LEVEL: 'warn', ...stores };
    const { code, stderr } = await sluice(['serve', '--workers', '2'], env).exit;
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('RATE_LIMIT_STORE is memory: each worker counts for itself'),
      expect.stringContaining('RESPONSE_CACHE_STORE is memory: each worker keeps answers for itself'),
      `Port ${port} of 127.0.0.1 is taken by another program. Set PORT to another one, or to 0 for any that is free.`,
    ]);
  });

  it('end at once when their primary is told a second time, which is not when npm says it again', async () => {
    const program = start(process.execPath, [join(root, 'tests/cli/workers-fleet-program.ts')]);
    await program.output(/"up"/);
    program.kill('SIGINT');
    await program.output(/a worker is told to end/);
    const told = performance.now();
    const again = setInterval(() => {
      program.kill('SIGINT');
    }, 50);
    const { code } = await program.exit;
    clearInterval(again);
    expect(code).toBe(null);
    expect(performance.now() - told).toBeGreaterThan(300);
  });
});
