import type { AskedDocument } from '../persisted-documents/index.ts';

/** What a client asks to run, by the GraphQL over HTTP specification. */
export interface GraphQLParams extends AskedDocument {
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}
