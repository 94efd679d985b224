import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin as YogaPlugin } from 'graphql-yoga';
import type { OperationContext } from '../operation/context.ts';
import { type DocumentBounds, tooLargeError } from '../operation/document-bounds.ts';
import type { LimitReporter } from '../operation/limit-reporter.ts';
import { presentErrors } from '../operation/present-errors.ts';
import { type GraphQLResponse, responseOf } from '../operation/response.ts';
import { mapMaybePromise } from '../util/promises.ts';
import { createTextCache } from '../util/text-cache.ts';
import type { Engine } from './engine.ts';

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly plugins: readonly Plugin<OperationContext>[];
  /** Bytes. */
  readonly bodyLimit: number;
  readonly bounds: DocumentBounds;
  readonly limitReporter: LimitReporter;
  /** The HTTP status of a response, for a client that accepts these media types. */
  readonly statusFor: (response: GraphQLResponse, accept: string | undefined) => number;
}

/**
 * Runs operations on GraphQL Yoga. Plain ones go straight into its envelop; event streams and uploads go through Yoga's
 * own handling of HTTP, which reads and parses them.
 */
export function createYogaEngine(options: YogaOptions): Engine {
  const { schema, plugins, bodyLimit } = options;
  const yoga = createYoga<OperationContext>({
    schema,
    plugins: [useDocumentBounds(options.bounds), ...plugins, useHandlerOfStreams(options)],
    maxRequestBodySize: bodyLimit,
    // Yoga's own are bounded in entries only, which may be as long as a body, and a document takes 250 times its text.
    parserAndValidationCache: {
      documentCache: createTextCache<DocumentNode>(),
      errorCache: createTextCache<Error>(),
    },
    // The handler answers for these, the same for every server.
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
  });

  return {
    execute({ document, variables, operationName }, context) {
      const enveloped = yoga.getEnveloped(context);
      return mapMaybePromise(enveloped.contextFactory() as MaybePromise<unknown>, (contextValue) => {
        const args = { schema, document, contextValue, variableValues: variables, operationName };
        return mapMaybePromise(enveloped.execute(args) as MaybePromise<Result>, responseOf);
      });
    },

    async stream(request, response, context) {
      await yoga(request, response, context);
    },

    async dispose() {
      await yoga.dispose();
    },
  };
}

/**
 * Does for what Yoga itself answers what the handler does for the rest: counts invalid requests, gives their errors codes
 * and the response its status, and tells of limits.
 */
function useHandlerOfStreams({
  limitReporter,
  statusFor,
}: Pick<YogaOptions, 'limitReporter' | 'statusFor'>): YogaPlugin<OperationContext> {
  return {
    async onResultProcess(process) {
      const { request, result } = process;
      if (isAsyncIterable(result) || Array.isArray(result)) return;
      const context = process.serverContext as unknown as OperationContext;
      const presented = presentErrors(result as ExecutionResult, context);
      const counted = await limitReporter.count(presented, context.caller);
      const { response, admission = context.sluice.admission } = counted;
      if (counted.admission !== undefined) context.sluice.reject(counted.admission);
      const extended = limitReporter.extend(response, admission);
      const status = statusFor(extended, request.headers.get('accept') ?? undefined);
      // Yoga takes the status from this extension, and leaves it out of the response.
      process.setResult({
        ...extended,
        extensions: { ...extended.extensions, http: { status } },
      } as ExecutionResult);
    },
    onResponse({ response, serverContext }) {
      const { headers, sluice } = serverContext as unknown as OperationContext;
      const fields = sluice.admission === undefined ? [] : limitReporter.fields([sluice.admission]);
      for (const [name, value] of [...headers, ...fields]) response.headers.set(name, value);
      // Yoga says no-cache for event streams: that they may be kept.
      response.headers.set('Cache-Control', 'no-store');
    },
  };
}

/** What envelop leaves untyped. */
type Result = Parameters<typeof responseOf>[0];

/** Refuses documents that are too large to be validated, instead of validating them. Good ones are measured once. */
function useDocumentBounds(bounds: DocumentBounds): Plugin {
  const good = new WeakSet<DocumentNode>();
  return {
    onValidate({ params, setResult }) {
      const document = params.documentAST as DocumentNode;
      if (good.has(document)) return;
      const problem = tooLargeError(document, bounds);
      if (problem === undefined) good.add(document);
      else setResult([problem]);
    },
  };
}
