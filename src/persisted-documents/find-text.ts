import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import { mapMaybePromise } from '../util/promises.ts';
import { type DocumentName, hashIn, sha256 } from './document-name.ts';
import type { RegisteredDocuments } from './registered-documents.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** What a request says of its document: one of both at least. */
export interface AskedDocument {
  /** Its text. */
  readonly query?: string | undefined;
  /** What names it. */
  readonly named?: DocumentName | undefined;
}

/** A text that may be run, as far as is known before it is read. */
export interface TextToRun {
  readonly text: string;
  /** Has the text found by its hash from now on; to be called once it has turned out to be valid. */
  readonly register?: () => void;
}

/** The text of the document that a request asks for, or why it has none that may be run. */
type FoundText = TextToRun | { readonly text?: undefined; readonly errors: readonly GraphQLError[] };

/** Finds the text of a document, before anything is read of it. */
export type FindText = (asked: AskedDocument) => MaybePromise<FoundText>;

export interface FindTextOptions {
  /** Undefined: none are trusted. */
  readonly trusted?: TrustedDocuments | undefined;
  /** Undefined: clients may not register any. */
  readonly registered?: RegisteredDocuments | undefined;
}

// The messages and codes that Apollo's clients and urql's go by.
const notFound = refusal(clientError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound'));
const notSupported = refusal(clientError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported'));
const mismatch = refusal(clientError('BAD_REQUEST', 'provided sha does not match query'));

const untrusted = refusal(
  clientError(
    'TRUSTED_DOCUMENT_REQUIRED',
    'This server runs the documents of its manifest only (TRUSTED_DOCUMENTS), and this is none of them.',
  ),
);
const missing = refusal(
  clientError(
    'BAD_REQUEST',
    '"query" is missing: send the GraphQL document to run, or name it: "documentId".',
  ),
);

export function createFindText({ trusted, registered }: FindTextOptions): FindText {
  const areOnly = trusted?.areOnly === true;
  /** Whether a client that hears of it does best to send all documents as texts from now on. */
  const isUseless = trusted === undefined && registered === undefined;

  function byText(text: string): FoundText {
    return areOnly && trusted.byText(text) === undefined ? untrusted : { text };
  }

  function byName(named: DocumentName): MaybePromise<FoundText> {
    const known = trusted?.byName(named.id);
    if (known !== undefined) return known;
    if (areOnly) return unknown(named, 'TRUSTED_DOCUMENT_REQUIRED');
    if (isUseless && named.by === 'persistedQuery') return notSupported;
    const hash = hashIn(named);
    const text = hash === undefined ? undefined : registered?.find(hash);
    return mapMaybePromise(text, (found) => (found === undefined ? notFoundBy(named) : { text: found }));
  }

  function byBoth(text: string, named: DocumentName): FoundText {
    const known = trusted?.byName(named.id);
    if (known !== undefined) return known.text === text ? known : mismatch;
    if (areOnly) return byText(text);
    if (isUseless && named.by === 'persistedQuery') return notSupported;
    const hash = hashIn(named);
    // An id of the client's own, which says nothing of the text.
    if (hash === undefined) return { text };
    if (registered === undefined) return sha256(text) === hash ? { text } : mismatch;
    if (registered.isKnown(hash, text)) return { text };
    if (!registered.isMatch(hash, text)) return mismatch;
    return {
      text,
      register: () => {
        registered.register(hash, text);
      },
    };
  }

  return ({ query, named }) => {
    if (named === undefined) return query === undefined ? missing : byText(query);
    return query === undefined ? byName(named) : byBoth(query, named);
  };
}

function notFoundBy(named: DocumentName): FoundText {
  return named.by === 'persistedQuery' ? notFound : unknown(named, 'PERSISTED_QUERY_NOT_FOUND');
}

function unknown(
  { id }: DocumentName,
  code: 'PERSISTED_QUERY_NOT_FOUND' | 'TRUSTED_DOCUMENT_REQUIRED',
): FoundText {
  const name = JSON.stringify(id.length > 100 ? `${id.slice(0, 100)}…` : id);
  const fix =
    code === 'TRUSTED_DOCUMENT_REQUIRED'
      ? 'This server runs the documents of its manifest only (TRUSTED_DOCUMENTS).'
      : 'Send its text as "query".';
  return refusal(clientError(code, `There is no document ${name}. ${fix}`));
}

function refusal(error: GraphQLError): FoundText {
  return { errors: [error] };
}
