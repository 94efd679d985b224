import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { environment } from '../config/variables.ts';
import type { RedisConnections } from '../connections/redis/index.ts';
import {
  type DocumentStore,
  MemoryDocuments,
  openRedisDocuments,
  openSqliteDocuments,
  RegisteredDocuments,
} from '../persisted-documents/index.ts';
import type { Closers } from '../util/closers.ts';
import { blameVariable } from './blame-variable.ts';

interface RegisteredDocumentsOptions {
  readonly config: Config;
  readonly log: Logger;
}

/**
 * Opens where the documents are that clients register, beside the answers; undefined where they may not register any.
 * @throws Error that names the variable if a file cannot be opened
 */
export async function openRegisteredDocuments(
  options: RegisteredDocumentsOptions,
  connections: RedisConnections,
  closers: Closers,
): Promise<RegisteredDocuments | undefined> {
  const { apq, apqBytes: maxBytes, trustedDocuments } = options.config.operations;
  if (!apq || trustedDocuments?.mode === 'only') return undefined;
  const shared = await sharedDocuments(options, connections);
  if (shared !== undefined) {
    closers.add(() => {
      shared.close();
    });
  }
  return new RegisteredDocuments(new MemoryDocuments({ maxBytes }), shared);
}

async function sharedDocuments(
  { config, log }: RegisteredDocumentsOptions,
  connections: RedisConnections,
): Promise<DocumentStore | undefined> {
  const { answers: location, prefix, timeoutMs } = config.stores;
  const { apqBytes: maxBytes } = config.operations;
  if (location.kind === 'sqlite') {
    // A file of their own, so that neither waits for the other, or fails with it.
    const path = `${location.path}-documents`;
    return blameVariable(environment.responseCacheStore.name, () =>
      openSqliteDocuments({ path, maxBytes, timeoutMs, log }),
    );
  }
  if (location.kind !== 'redis') return undefined;
  return openRedisDocuments({ redis: await connections.to(location.address), prefix, maxBytes });
}
