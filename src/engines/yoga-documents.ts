import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { Plugin as YogaPlugin } from 'graphql-yoga';
import type { OperationContext } from '../operation/context.ts';
import type { Documents } from '../operation/documents.ts';
import { type AskedDocument, documentNameOf, type FindText } from '../persisted-documents/index.ts';
import { mapMaybePromise } from '../util/promises.ts';

export interface YogaDocumentsOptions {
  readonly findText: FindText;
  readonly documents: Documents;
}

/**
 * Has what Yoga itself reads, event streams and uploads, find its documents as everything else does: by their names too,
 * read within the same bounds, and once for all who send them.
 */
export function useDocuments({ findText, documents }: YogaDocumentsOptions): YogaPlugin<OperationContext> {
  return {
    onParams({ request, params, context, setParams, setResult }): MaybePromise<void> {
      const asked = askedDocument(request, params);
      if (asked === undefined) return undefined;
      return mapMaybePromise(findText(asked), (found) => {
        const { text = '' } = found;
        // Yoga wants a text from everybody, also where none is executed.
        setParams({ ...params, query: text });
        const read = found.text === undefined ? found : documents(text, (context as OperationContext).caller);
        if ('errors' in read) setResult({ errors: read.errors });
        else if (found.text !== undefined) found.register?.();
      });
    },
    onParse({ params: { source }, context, setParsedDocument }) {
      const { document } = documents(source as string, context.caller);
      if (document !== undefined) setParsedDocument(document);
    },
    onValidate({ setResult }) {
      setResult([]);
    },
  };
}

/** What a request says of its document; undefined where Yoga is to say what is wrong with it. Throws BAD_REQUEST. */
function askedDocument(
  request: { readonly method: string; readonly url: string },
  params: unknown,
): AskedDocument | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  // Of the parameters in a URL, Yoga passes only those on that it knows.
  const inUrl = request.method === 'GET' ? new URL(request.url).searchParams.get('documentId') : undefined;
  const { query: sent, documentId = inUrl, extensions }: UncheckedParams = params;
  if (sent != null && typeof sent !== 'string') return undefined;
  const query = sent == null || sent === '' ? undefined : sent;
  const named = documentNameOf({ documentId, extensions });
  return query === undefined && named === undefined ? undefined : { query, named };
}

/** What a client has sent, whatever it is. */
interface UncheckedParams {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}
