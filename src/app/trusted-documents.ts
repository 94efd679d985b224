import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import { environment } from '../config/variables.ts';
import { type Manifest, readManifest, TrustedDocuments } from '../persisted-documents/index.ts';
import type { Closers } from '../util/closers.ts';
import { blameVariable } from './blame-variable.ts';
import { type FileKind, watchFile } from './watched-file.ts';

const manifestFile: FileKind<Manifest> = {
  name: 'manifest of documents',
  staying: 'The documents that were trusted before stay so.',
  read: readManifest,
};

export interface TrustedDocumentsOptions {
  readonly config: Config;
  /** What documents have to be valid for. */
  readonly schema: GraphQLSchema;
  readonly log: Logger;
  readonly closers: Closers;
}

/**
 * Trusts the documents of the manifest that is configured, and follows its changes; undefined where there is none. Throws
 * where the manifest is missing or wrong at the start.
 */
export function openTrustedDocuments({
  config,
  schema,
  log,
  closers,
}: TrustedDocumentsOptions): TrustedDocuments | undefined {
  if (config.operations.trustedDocuments === undefined) return undefined;
  const { path, mode } = config.operations.trustedDocuments;
  const trusted = new TrustedDocuments(schema, mode);
  blameVariable(`${environment.trustedDocuments.name} (${path})`, () => {
    const file = watchFile(path, manifestFile, {
      onChange(manifest) {
        trusted.replace(manifest);
        log.info({ documents: manifest.size }, 'the manifest of documents has changed and is in force');
      },
      onProblem: (problem) => {
        log.error(problem);
      },
    });
    closers.add(() => {
      file.close();
    });
    trusted.replace(file.initial);
  });
  return trusted;
}
