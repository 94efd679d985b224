import { createApp } from '../app.ts';
import type { Config } from '../config/config.ts';

/** Serves until SIGTERM or SIGINT, then lets requests in flight finish. */
export async function serve(config: Config): Promise<void> {
  const app = await createApp({ config });
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
  try {
    const url = await app.listen();
    console.log(banner(url, config, app.adminKey));
    await stopped;
  } finally {
    await app.dispose();
  }
}

function banner(url: string, { server }: Config, adminKey: string | undefined): string {
  const lines = [
    `Sluice (${server.kind}) is at ${url}/graphql`,
    `  GraphiQL        open ${url}/graphql in a browser`,
    `  Apollo Sandbox  open https://studio.apollographql.com/sandbox/explorer?endpoint=${url}/graphql`,
  ];
  if (adminKey !== undefined) {
    lines.push(
      '  Admin API key   ' + adminKey,
      '                  made on this first run and not shown again; send it as X-API-Key',
    );
  }
  return lines.join('\n');
}
