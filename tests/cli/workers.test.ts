import { once } from 'node:events';
import { createServer, request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ask } from '../support/client.ts';
import { sluice, start, temporaryDatabase, type Program } from '../support/program.ts';
import { root } from '../support/source-files.ts';

interface Workers {
  readonly program: Program;
  readonly url: string;
}

/** Two workers; their log, which tells their process ids, goes where the rest of the output goes. */
async function startWorkers(env: Record<string, string> = {}): Promise<Workers> {
  const command = ['-c', 'exec "$0" "$@" 2>&1', process.execPath, join(root, 'src/main.ts')];
  const all = { PORT: '0', DATABASE_URL: temporaryDatabase(), ...env };
  const program = start('/bin/sh', [...command, 'serve', '--workers', '2'], all);
  const [, url = ''] = await program.output(/\(yoga, 2 workers\) serves (\S+)\/graphql/);
  return { program, url };
}

/** The process ids of so many workers, once that many have listened, in their order. */
async function pidsOf(program: Program, count: number): Promise<number[]> {
  const { input } = await program.output(new RegExp(`(?:a worker listens[^]*){${count}}`));
  return [...input.matchAll(/"worker":(\d+),"url"/g)].map(([, pid]) => Number(pid));
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
  inFlight.end(JSON.stringify({ query: '{ products { name } }' }));
  const [response] = (await once(inFlight, 'response')) as [IncomingMessage];
  return text(response);
}

/** The status of a health check on a connection of its own, or what went wrong with it. */
async function check(url: string): Promise<number | string | undefined> {
  const asking = request(`${url}/health`, { agent: false }).end();
  try {
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

async function checks(url: string): Promise<unknown> {
  return Promise.all(Array.from({ length: 20 }, () => check(url)));
}

const allWell = Array.from({ length: 20 }, () => 200);

describe('several workers', () => {
  it('serve one port after one first run, and others take the place of those that end', async () => {
    const { program, url } = await startWorkers();
    const [killed = 0, told = 0] = await pidsOf(program, 2);
    expect(await checks(url)).toEqual(allWell);

    process.kill(killed, 'SIGKILL');
    await pidsOf(program, 3);
    expect(await checks(url)).toEqual(allWell);
    process.kill(told, 'SIGTERM');
    expect(new Set(await pidsOf(program, 4)).size).toBe(4);
    expect((await ask(url, '{ health { status } }')).body.data).toEqual({ health: { status: 'OK' } });

    program.kill('SIGTERM');
    const { code, stdout } = await program.exit;
    expect(code).toBe(0);
    expect(stdout.match(/slk_[\w-]{43}/g)).toHaveLength(1);
    expect(stdout.match(/GraphiQL/g)).toHaveLength(1);
    expect(stdout).toMatch(
      new RegExp(`"level":50,.*"worker":${killed},"code":null,"signal":"SIGKILL".*another`),
    );
    expect(stdout).toMatch(new RegExp(`"level":30,.*"worker":${told},"code":0,"signal":null.*another`));
    expect(stdout.match(/another one takes its place/g)).toHaveLength(2);
  });

  it('drain one after the other, and answer everything meanwhile', async () => {
    const { program, url } = await startWorkers();
    const inFlight = [await sendHead(url), await sendHead(url)];
    program.kill('SIGINT');
    await program.output(/a worker is told to end/);
    // The other one takes them all.
    for (let round = 0; round < 5; round++) expect(await checks(url)).toEqual(allWell);

    const answers = inFlight.map(async (each) => finish(each));
    expect(await Promise.all(answers)).toEqual([
      expect.stringContaining('Tata Tea') as string,
      expect.stringContaining('Tata Tea') as string,
    ]);
    const { code, stdout } = await program.exit;
    expect(code).toBe(0);
    expect(stdout.match(/a worker is told to end/g)).toHaveLength(2);
    expect(stdout).not.toContain('another');
    expect(await check(url)).toBe('ECONNREFUSED');
  });

  it('finish what is in flight and end when their primary is killed', async () => {
    const { program, url } = await startWorkers({
      RATE_LIMIT_STORE: 'memory',
      RESPONSE_CACHE_STORE: 'memory',
    });
    const inFlight = await sendHead(url);
    program.kill('SIGKILL');
    await vi.waitFor(async () => {
      expect(await check(url)).toBe('ECONNREFUSED');
    }, 10_000);
    expect(await finish(inFlight)).toContain('Tata Tea');
    // Its output closes when none of them has it open any more.
    const { code, stdout } = await program.exit;
    expect(code).toBe(null);
    expect(stdout).toContain('RATE_LIMIT_STORE is memory: each worker counts for itself');
    expect(stdout).toContain('RESPONSE_CACHE_STORE is memory: each worker keeps answers for itself');
  });
});

describe('workers do not start, and it is told once why,', () => {
  /** What two workers say instead of starting. */
  async function refusal(env: Record<string, string>): Promise<string[]> {
    const { code, stderr } = await sluice(['serve', '--workers', '2'], { LOG_LEVEL: 'silent', ...env }).exit;
    expect(code).toBe(1);
    return stderr.trimEnd().split('\n');
  }

  it('when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await refusal({ PORT: String(port), DATABASE_URL: temporaryDatabase() })).toEqual([
      `Port ${port} of 127.0.0.1 is taken by another program. Set PORT to another one, or to 0 for any that is free.`,
    ]);
  });

  it('when each would have a database of its own', async () => {
    expect(await refusal({ DATABASE_URL: 'sqlite::memory:' })).toEqual([
      'DATABASE_URL is sqlite::memory:, of which each of the 2 workers would have one of its own. ' +
        'Set DATABASE_URL to a file such as sqlite:data/sluice.db, or leave out --workers.',
    ]);
  });

  it('when there cannot be so many', async () => {
    const { code, stderr } = await sluice(['serve', '--workers', '65']).exit;
    expect(code).toBe(1);
    expect(stderr).toContain(
      "option '-w, --workers <count>' argument '65' is invalid. Give an integer from 1 to 64, or auto",
    );
  });
});

describe('of workers that are started', () => {
  const fleet = (behaviour: string, patienceMs: number): Program => {
    const script = join(root, 'tests/cli/workers-fleet-program.ts');
    return start(process.execPath, [script, behaviour, String(patienceMs)]);
  };

  it('five in a row that do not get as far as listening end the server', async () => {
    const { stdout } = await fleet('fail', 60_000).exit;
    expect(stdout).toMatch(
      /"message":"5 workers in a row could not start\. A worker \(process \d+\) ended with code 7 before it listened\."/,
    );
    // The one that was killed, and four that failed.
    expect(stdout.match(/another one takes its place/g)).toHaveLength(5);
  });

  it('those are killed that do not end in time', async () => {
    const program = fleet('hang', 100);
    await program.output(/"up"/);
    program.kill('SIGTERM');
    const { code, stdout } = await program.exit;
    expect(code).toBe(0);
    expect(stdout.match(/"signal":"SIGKILL".*a worker did not end well/g)).toHaveLength(2);
  });

  it('all end at once when their primary is told a second time, which is not when npm says it again', async () => {
    const program = fleet('hang', 60_000);
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
