import { dirname, join } from 'node:path';
import { isPostgresUrl } from '../../config/database-url.ts';
import type { EnvSource } from '../../config/env.ts';
import { environment } from '../../config/variables.ts';

const { databaseUrl, redisUrl, rateLimitStore, responseCacheStore } = environment;

/**
 * The environment with SQLite files for buckets and answers where it says nothing of them, so that all workers share
 * them. They lie beside the database file; with PostgreSQL, where that file is by default.
 */
export function sharedDefaults(env: EnvSource): EnvSource {
  if (isSet(env[redisUrl.name])) return env;
  const folder = folderOf(env[databaseUrl.name]);
  return {
    ...env,
    ...(!isSet(env[rateLimitStore.name]) && { [rateLimitStore.name]: fileIn(folder, 'sluice-limits.db') }),
    ...(!isSet(env[responseCacheStore.name]) && {
      [responseCacheStore.name]: fileIn(folder, 'sluice-answers.db'),
    }),
  };
}

// An empty text counts as unset, as it does when variables are read.
function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function folderOf(url: string | undefined): string {
  const file = isSet(url) && !isPostgresUrl(url) ? url : databaseUrl.default;
  return dirname(file.slice('sqlite:'.length));
}

function fileIn(folder: string, name: string): string {
  return `sqlite:${join(folder, name)}`;
}
