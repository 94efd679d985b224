import { isAsyncIterable, mapAsyncIterator, type Plugin } from '@envelop/core';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type Plugin as YogaPlugin } from 'graphql-yoga';
import type { OperationContext } from '../operation/context.ts';
import type { LimitReporter } from '../operation/limit-reporter.ts';
import { presentErrors } from '../operation/present-errors.ts';
import { type GraphQLResponse, responseOf } from '../operation/response.ts';
import { mapMaybePromise } from '../util/promises.ts';
import type { Engine } from './engine.ts';
import { useDocuments, type YogaDocumentsOptions } from './yoga-documents.ts';

export interface YogaOptions extends YogaDocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly plugins: readonly Plugin<OperationContext>[];
  /** Bytes. */
  readonly bodyLimit: number;
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
    plugins: [useDocuments(options), ...plugins, useHandlerOfStreams(options)],
    maxRequestBodySize: bodyLimit,
    extraParamNames: ['documentId'],
    // Documents are kept by whoever reads them.
    parserAndValidationCache: false,
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
      if (isAsyncIterable(result)) process.setResult(mapAsyncIterator(result, asFormatted) as typeof result);
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
        ...asFormatted(extended),
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

/** The result with its errors as they are written. Yoga would make a GraphQLError anew, which looks for its place in the text. */
function asFormatted<Result extends object>(result: Result): Result {
  if (!('errors' in result) || !Array.isArray(result.errors)) return result;
  const errors = result.errors.map((error: unknown) =>
    error instanceof GraphQLError ? error.toJSON() : error,
  );
  return { ...result, errors };
}

/** What envelop leaves untyped. */
type Result = Parameters<typeof responseOf>[0];
