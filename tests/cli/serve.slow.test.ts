import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { ask, codes } from '../support/client.ts';
import { sluice, temporaryDatabase } from '../support/program.ts';

it('makes the database on the first run, says where it is, and leaves the admin key beside it, not in the output', async () => {
  const env = { PORT: '0', DATABASE_URL: temporaryDatabase() };
  const first = sluice(['serve'], env);
  const [, url = ''] = await first.output(/serves (\S+)\/graphql\n.*GraphiQL.*\n.*Apollo Sandbox.*endpoint=/);
  const [, path = ''] = await first.output(/Admin API key {3}in (\S+)/);
  const key = readFileSync(path, 'utf8').trim();
  expect(key).toMatch(/^slk_[\w-]{43}$/);
  const asAdmin = { 'x-api-key': key };
  const folder = dirname(path);
  for (const name of ['', ...readdirSync(folder)])
    expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);

  const products = await ask(url, '{ products { name price } popularProducts { name } }');
  expect(products.body.data).toEqual({
    products: [
      { name: 'Amul Butter', price: 50 },
      { name: 'Tata Tea', price: 200 },
      { name: 'Parle-G Biscuits', price: 10 },
    ],
    popularProducts: [{ name: 'Amul Butter' }, { name: 'Tata Tea' }],
  });
  const create = 'mutation { createProduct(input: { name: "Ghee", price: 9.99 }) { id price } }';
  expect((await ask(url, create, { headers: asAdmin })).body.data).toEqual({
    createProduct: { id: '4', price: 9.99 },
  });
  expect(codes((await ask(url, create)).body)).toEqual(['FORBIDDEN']);

  first.kill('SIGTERM');
  const ended = await first.exit;
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  expect(ended.stdout).not.toContain('slk_');

  const second = sluice(['serve'], env);
  const [, again = ''] = await second.output(/serves (\S+)\/graphql/);
  expect((await ask(again, '{ newProducts { name } }', { headers: asAdmin })).body.data).toMatchObject({
    newProducts: [{ name: 'Ghee' }, {}, {}, {}],
  });
  second.kill('SIGINT');
  const { code, stdout } = await second.exit;
  expect(code).toBe(0);
  expect(stdout).not.toContain('slk_');
});

it('accepts the tokens of an earlier run, since it keeps the secret that it made', async () => {
  const env = { PORT: '0', DATABASE_URL: temporaryDatabase() };
  const input = '{ name: "Ada", email: "ada@example.com", password: "correct horse" }';
  const first = sluice(['serve'], env);
  const [, url = ''] = await first.output(/serves (\S+)\/graphql/);
  await ask(url, `mutation { createUser(input: ${input}) { id } }`);
  const login =
    'mutation { login(input: { email: "ADA@example.com", password: "correct horse" }) { token } }';
  const { token } = (await ask(url, login)).body.data?.['login'] as { token: string };
  first.kill('SIGTERM');
  await first.exit;

  const second = sluice(['serve'], env);
  const [, again = ''] = await second.output(/serves (\S+)\/graphql/);
  const headers = { authorization: `Bearer ${token}` };
  expect((await ask(again, '{ me { name } }', { headers })).body.data).toEqual({ me: { name: 'Ada' } });
});

it('says which variables are wrong, what was found and what is accepted, and starts nothing', async () => {
  const { code, stdout, stderr } = await sluice(['serve'], {
    PORT: 'http',
    BODY_LIMIT: '1 MB',
    SERVER: 'express',
  }).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/PORT is "http".*integer from 0 to 65535/);
  expect(stderr).toMatch(/BODY_LIMIT is "1 MB".*integer/);
  expect(stderr).toMatch(/SERVER is "express".*yoga.*apollo/);
});

it('says so when the port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await sluice(['serve'], { PORT: String(port), DATABASE_URL: 'sqlite::memory:' })
    .exit;
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `Port ${port} of 127.0.0.1 is taken by another program. Set PORT to another one, or to 0 for any that is free.\n`,
  });
});

it.each(['20.19.0', '22.14.0', '18.0.0'])('tells Node %s in one line that it is too old', async (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
  const { code, stdout, stderr } = await sluice(['serve'], {}, ['--import', pretend]).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^Sluice needs Node 22.15 or newer; this is ${version} .*\\n$`));
});

it('answers a request in flight when it is told to end, takes no more, and then ends', async () => {
  const server = sluice(['serve'], { PORT: '0', DATABASE_URL: temporaryDatabase() });
  const [, url = ''] = await server.output(/serves (\S+)\/graphql/);
  const headers = { 'content-type': 'application/json', expect: '100-continue' };
  const inFlight = request(`${url}/graphql`, { method: 'POST', headers });
  inFlight.flushHeaders();
  // The server says so once it has the head of the request.
  await once(inFlight, 'continue');

  server.kill('SIGTERM');
  while (await isUp(url));
  inFlight.end(JSON.stringify({ query: '{ products { name } }' }));
  const [response] = (await once(inFlight, 'response')) as [IncomingMessage];
  expect(response).toMatchObject({ statusCode: 200, headers: { connection: 'close' } });
  expect(await text(response)).toContain('Tata Tea');
  expect(await server.exit).toMatchObject({ code: 0, stderr: '' });
});

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => true,
    () => false,
  );
}
