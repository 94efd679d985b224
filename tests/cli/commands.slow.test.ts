import { expect, it } from 'vitest';
import { ask, codes } from '../support/client.ts';
import { sluice, temporaryDatabase } from '../support/program.ts';

it("makes the server's own tables, the shop's only where asked, and says so when there is nothing to do", async () => {
  const env = { DATABASE_URL: temporaryDatabase() };
  expect((await sluice(['migrate'], env).exit).stdout).toBe('Migrated: server-0001-api-keys.\n');
  expect((await sluice(['migrate'], env).exit).stdout).toBe('The database is up to date.\n');
  expect((await sluice(['migrate', '--shop'], env).exit).stdout).toBe('Migrated: sample-0001-initial.\n');
  expect((await sluice(['migrate', '--shop'], env).exit).stdout).toBe('The database is up to date.\n');
  expect((await sluice(['seed'], env).exit).stdout).toBe('Added 3 sample products.\n');
  expect((await sluice(['seed'], env).exit).stdout).toBe('The sample data is there already.\n');
});

it('makes, lists and revokes API keys, also while the server runs', async () => {
  const env = { PORT: '0', DATABASE_URL: temporaryDatabase() };
  const server = sluice(['serve'], env);
  const [, url = ''] = await server.output(/serves (\S+)\/graphql/);

  const made = await sluice(['keys', 'create', 'shop', '--tier', 'PAID', 'ADMIN'], env).exit;
  expect(made.stdout).toMatch(/^slk_[\w-]{43}\n$/);
  const headers = { 'x-api-key': made.stdout.trim() };
  const remove = 'mutation { deleteProduct(id: 3) }';
  expect((await ask(url, remove, { headers })).body).toEqual({ data: { deleteProduct: true } });

  expect(await sluice(['keys', 'create', 'shop'], env).exit).toMatchObject({
    code: 1,
    stderr: 'There is a key named "shop" already. Choose another name.\n',
  });
  expect((await sluice(['keys', 'revoke', 'shop'], env).exit).stdout).toBe('Revoked "shop".\n');
  const refused = await ask(url, remove, { headers });
  expect({ status: refused.status, codes: codes(refused.body) }).toEqual({
    status: 401,
    codes: ['UNAUTHENTICATED'],
  });
  expect(await sluice(['keys', 'revoke', 'shop'], env).exit).toMatchObject({ code: 1 });

  const { stdout } = await sluice(['keys', 'list'], env).exit;
  expect(stdout).toMatch(/^admin\tADMIN\t\S+\tgood\nshop\tPAID,ADMIN\t\S+\trevoked \S+\n$/);
  expect(stdout).not.toContain('slk_');
});

it('prints the configuration in effect, without secrets', async () => {
  const env = { SERVER: 'apollo', DATABASE_URL: 'postgres://shop:hush@db/shop', JWT_SECRET: 'x'.repeat(40) };
  const { code, stdout } = await sluice(['config'], env).exit;
  expect(code).toBe(0);
  expect(stdout).toMatch(/^PORT=4000$/m);
  expect(stdout).toMatch(/^SERVER=apollo$/m);
  expect(stdout).not.toContain('hush');
  expect(stdout).not.toContain('xxxx');
});

it('names an unknown command, and prints help for none', async () => {
  expect(await sluice(['frobnicate']).exit).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('frobnicate') as string,
  });
  expect((await sluice(['--help']).exit).stdout).toContain('keys');
});

it('prints the limits in force', async () => {
  const env = { RATE_LIMITS: '{"Query.products":"7 per minute; 70 per day","products":null}' };
  const { code, stdout } = await sluice(['limits'], env).exit;
  expect(code).toBe(0);
  const lines = stdout.split('\n').map((line) => line.split(/ {2,}/));
  expect(lines.filter(([coordinate]) => coordinate === 'Query.products')).toEqual([
    ['Query.products', 'Query.products', '7 per 1 minute', 'FIXED_WINDOW', 'by USER, API_KEY, IP'],
    ['Query.products', 'Query.products+2', '70 per 1 day', 'FIXED_WINDOW', 'by USER, API_KEY, IP'],
  ]);
  expect(stdout).toMatch(/^Query\.newProducts +products +unlimited /m);
  expect(stdout).toMatch(/^Mutation\.login .*SLIDING_LOG +by GLOBAL, input\.email; counts FAILURE$/m);
});
