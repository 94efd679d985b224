import { hash } from 'node:crypto';
import { clientError } from '../errors.ts';

/** How a request names its document, in place of the text or beside it. */
export interface DocumentName {
  /**
   * The parameter of the GraphQL over HTTP draft (appendix "Persisted Documents"), or the extension of Apollo's automatic
   * persisted queries.
   */
  readonly by: 'documentId' | 'persistedQuery';
  readonly id: string;
}

/** What names a document among the parameters of a request, as they were sent. */
export interface NamingParams {
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

const prefix = 'sha256:';

/** The name of the document; undefined where the request has none. Throws BAD_REQUEST. */
export function documentNameOf({ documentId, extensions }: NamingParams): DocumentName | undefined {
  const extension = extensionIn(extensions);
  if (documentId == null || documentId === '')
    return extension == null ? undefined : readExtension(extension);
  if (typeof documentId !== 'string') throw bad(`"documentId" must be a string, not a ${typeof documentId}.`);
  if (extension != null) {
    throw bad('The document is named twice: send "documentId" or "extensions.persistedQuery", not both.');
  }
  return { by: 'documentId', id: documentId };
}

/** The SHA-256 that a name says its document has; undefined where it says none. It may be malformed. */
export function hashIn({ by, id }: DocumentName): string | undefined {
  if (by === 'persistedQuery') return id;
  return id.startsWith(prefix) ? id.slice(prefix.length) : undefined;
}

/** Whether a text can be a hash, as `sha256` makes them. */
export function isHash(text: string): boolean {
  return text.length === 64 && /^[\da-f]+$/.test(text);
}

/** The SHA-256 of a text in UTF-8, in lower-case hexadecimal digits. */
export function sha256(text: string): string {
  return hash('sha256', text);
}

/** The names under which a document is found by the hash of its text. */
export function hashNames(text: string): readonly [bare: string, prefixed: string] {
  const bare = sha256(text);
  return [bare, prefix + bare];
}

function extensionIn(extensions: unknown): unknown {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  return 'persistedQuery' in extensions ? extensions.persistedQuery : undefined;
}

/** Reads `{ version: 1, sha256Hash }`. Clients add entries of their own. */
function readExtension(extension: unknown): DocumentName {
  if (typeof extension !== 'object' || extension === null) {
    throw bad(`"extensions.persistedQuery" must be a JSON object, not a ${typeof extension}.`);
  }
  const { version, sha256Hash: id }: { version?: unknown; sha256Hash?: unknown } = extension;
  if (version !== 1) throw bad('Unsupported persisted query version');
  if (typeof id !== 'string') {
    throw bad(`"extensions.persistedQuery.sha256Hash" must be a string, not a ${typeof id}.`);
  }
  return { by: 'persistedQuery', id };
}

function bad(message: string): Error {
  return clientError('BAD_REQUEST', message);
}
