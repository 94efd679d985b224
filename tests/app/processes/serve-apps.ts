import { type App, createApp } from '../../../src/app/create-app.ts';
import { loadConfig } from '../../../src/config/config.ts';
import type { EnvSource } from '../../../src/config/env.ts';
import { type SchemaName, schemas } from './schemas.ts';

/** What the program is given as JSON. */
export interface Serving {
  readonly schema: SchemaName;
  /** Environment variables of one app each, but for its port. */
  readonly environments: readonly EnvSource[];
}

// Serves one app for each environment, and writes their URLs in that order as one line of JSON.
const [text = ''] = process.argv.slice(2);
// Written by the fleet that has started this program.
const { schema, environments } = JSON.parse(text) as Serving;
const apps: App[] = [];
for (const env of environments) {
  apps.push(await createApp({ ...schemas[schema], config: loadConfig({ PORT: '0', ...env }) }));
}
const urls = await Promise.all(apps.map((app) => app.listen()));
process.once('SIGTERM', () => void Promise.all(apps.map((app) => app.dispose())));
process.stdout.write(`${JSON.stringify(urls)}\n`);
