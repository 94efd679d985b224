import { createApp } from '../app.ts';
import type { Config } from '../config/config.ts';

/** Serves until SIGTERM or SIGINT, then lets requests in flight finish. */
export async function serve(config: Config): Promise<void> {
  const app = await createApp({ config });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  try {
    if (app.adminKey !== undefined) console.log(firstRunNotice(app.adminKey));
    console.log(banner(await app.listen(), config));
    await stopped;
  } catch (error) {
    throw isTaken(error) ? new Error(takenMessage(config), { cause: error }) : error;
  } finally {
    await app.dispose();
  }
}

/** Printed before anything else can fail: the key is kept nowhere. */
function firstRunNotice(adminKey: string): string {
  return [
    'First run: the database has been made and filled with the sample data.',
    `  Admin API key   ${adminKey}`,
    '                  not shown again; send it as X-API-Key',
    '',
  ].join('\n');
}

function banner(url: string, { server }: Config): string {
  const sandbox = `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(`${url}/graphql`)}`;
  return [
    `Sluice (${server.kind}) serves ${url}/graphql`,
    `  GraphiQL        open ${url}/graphql in a browser`,
    `  Apollo Sandbox  open ${sandbox}`,
  ].join('\n');
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function takenMessage({ server: { host, port } }: Config): string {
  return `Port ${port} of ${host} is taken by another program. Set PORT to another one, or to 0 for any that is free.`;
}
