import { createHash } from 'node:crypto';
import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import { createTextCache, textOfDocuments } from '../util/text-cache.ts';

type DocumentStore = NonNullable<ApolloServerOptions<BaseContext>['documentStore']>;

/** The length of a SHA-256 in hexadecimal digits, with which Apollo Server's keys end. */
const hashLength = 64;

/** The documents that have been parsed and validated already, where Apollo Server looks before it does that itself. */
export class ReadDocuments implements DocumentStore {
  readonly #hashes = new WeakMap<DocumentNode, string>();
  readonly #documents = createTextCache<DocumentNode>(textOfDocuments);

  /** Has Apollo Server find the document of a text. */
  add(text: string, document: DocumentNode): void {
    const hash = this.#hashes.get(document) ?? createHash('sha256').update(text).digest('hex');
    this.#hashes.set(document, hash);
    if (!this.#documents.has(hash)) this.#documents.set(hash, document, { size: text.length });
  }

  get(key: string): Promise<DocumentNode | undefined> {
    return Promise.resolve(this.#documents.get(key.slice(-hashLength)));
  }

  set(): Promise<void> {
    // Only what has been added is known to be the document that was admitted.
    return Promise.resolve();
  }

  delete(key: string): Promise<boolean> {
    return Promise.resolve(this.#documents.delete(key.slice(-hashLength)));
  }
}
