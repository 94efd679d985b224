// Answers one request on the engine that is named, and writes the packages that were loaded for it, as JSON.
import { registerHooks } from 'node:module';

const packages = new Set<string>();
registerHooks({
  load(url, context, next) {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
    if (name !== undefined) packages.add(name);
    return next(url, context);
  },
});

const { createApp, loadConfig } = await import('../../src/index.ts');
const [, , SERVER] = process.argv;
const app = await createApp({
  config: loadConfig({ SERVER, DATABASE_URL: 'sqlite::memory:', PORT: '0', LOG_LEVEL: 'silent' }),
  typeDefs: 'type Query { answer: Int @rateLimit(limit: 1, duration: 60) @cacheControl(maxAge: 60) }',
});
const url = await app.listen();
await fetch(`${url}/graphql?query={answer}`);
await app.dispose();
process.stdout.write(JSON.stringify([...packages]));
