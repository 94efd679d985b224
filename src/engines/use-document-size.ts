import type { Plugin } from '@envelop/core';
import type { DocumentNode } from 'graphql';
import { clientError } from '../errors.ts';
import { tooLargeMessage } from '../operation/document-size.ts';

/** Refuses documents that are too large to be validated, instead of validating them. Good ones are measured once. */
export function useDocumentSize(): Plugin {
  const good = new WeakSet<DocumentNode>();
  return {
    onValidate({ params, setResult }) {
      const document = params.documentAST as DocumentNode;
      if (good.has(document)) return;
      const message = tooLargeMessage(document);
      if (message === undefined) good.add(document);
      else setResult([clientError('GRAPHQL_VALIDATION_FAILED', message)]);
    },
  };
}
