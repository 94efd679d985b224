import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type * as Sluice from '../../src/index.ts';
import { ask } from '../support/client.ts';
import { start, temporaryDatabase } from '../support/program.ts';
import { root } from '../support/source-files.ts';

it('builds and serves by `npm start`, whose termination is the end of the server too', async () => {
  const npm = start('npm', ['start'], { PORT: '0', DATABASE_URL: temporaryDatabase() });
  const [, url = ''] = await npm.output(/serves (\S+)\/graphql/);
  expect((await ask(url, '{ health { status } }')).body.data).toEqual({ health: { status: 'OK' } });

  npm.kill('SIGTERM');
  expect(await npm.exit).toMatchObject({ code: 0 });
  await expect(fetch(`${url}/health`)).rejects.toThrow('fetch failed');

  const { createApp, loadConfig } = (await import(
    pathToFileURL(join(root, 'dist/index.js')).href
  )) as typeof Sluice;
  const config = loadConfig({ PORT: '0', DATABASE_URL: 'sqlite::memory:' });
  await using built = await createApp({ config, typeDefs: 'type Query { ok: Boolean }' });
  expect((await ask(await built.listen(), '{ ok }')).body).toEqual({ data: { ok: null } });
});
