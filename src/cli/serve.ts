import { type App, createApp } from '../app/index.ts';
import type { Config } from '../config/config.ts';
import { shop } from '../shop/index.ts';
import { tellFirstRun } from './first-run.ts';
import { shutdownSignal } from './shutdown-signal.ts';

/** Serves until SIGTERM or SIGINT, then lets requests in flight finish. */
export async function serve(config: Config): Promise<void> {
  await using app = await createApp({ ...shop, config });
  const told = shutdownSignal();
  console.log(banner(await startListening(app, config), config.server.kind));
  await told;
}

/**
 * Starts to take requests and resolves to the server's URL, after it has told of a first run.
 * @throws Error that names the port and the fix where another program has it
 */
export async function startListening(app: Pick<App, 'adminKey' | 'listen'>, config: Config): Promise<string> {
  if (app.adminKey !== undefined) tellFirstRun(app.adminKey, config);
  try {
    return await app.listen();
  } catch (error) {
    throw isTaken(error) ? new Error(takenMessage(config), { cause: error }) : error;
  }
}

/** What is printed once the server listens; `by` is what serves. */
export function banner(url: string, by: string): string {
  const sandbox = `https://studio.apollographql.com/sandbox/explorer?endpoint=${encodeURIComponent(`${url}/graphql`)}`;
  return [
    `Sluice (${by}) serves ${url}/graphql`,
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
