import { isAsyncIterable, mapAsyncIterator, type Plugin } from '@envelop/core';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { createYoga, type Plugin as YogaPlugin } from 'graphql-yoga';
import type { OperationContext } from '../operation/context.ts';
import type { LimitReporter } from '../operation/limit-reporter.ts';
import { presentErrors } from '../operation/present-errors.ts';
import { responseOf } from '../operation/response.ts';
import { mapMaybePromise } from '../util/promises.ts';
import type { Engine } from './engine.ts';

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly plugins: readonly Plugin<OperationContext>[];
  readonly limitReporter: LimitReporter;
}

/**
 * Runs operations on GraphQL Yoga. Plain ones go straight into its envelop; those whose response leaves as it comes go
 * through Yoga's own handling of HTTP, which writes event streams and incremental delivery.
 */
export function createYogaEngine({ schema, plugins, limitReporter }: YogaOptions): Engine {
  const yoga = createYoga<OperationContext>({
    schema,
    plugins: [useAdmittedOperation(), ...plugins, useFieldsOfStreams(limitReporter)],
    // The handler has read and checked what is asked, and answers for the rest, the same for every server.
    maxRequestBodySize: false,
    multipart: false,
    parserAndValidationCache: false,
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

/** Has Yoga take the operation that is in the context, which has been read, validated and admitted. */
function useAdmittedOperation(): YogaPlugin<OperationContext> {
  return {
    onRequestParse({ serverContext, setRequestParser }) {
      const { query, variables, operationName } = readOf(serverContext);
      setRequestParser(() => ({ query, variables, ...(operationName != null && { operationName }) }));
    },
    onParse({ context, setParsedDocument }) {
      setParsedDocument(readOf(context).document);
    },
    onValidate({ setResult }) {
      setResult([]);
    },
  };
}

function readOf(context: unknown) {
  // Yoga copies what it is given into a context of its own.
  return (context as OperationContext).sluice.executing.prepared.read;
}

/** Has a stream tell of limits, of errors as everything else does, and of what resolvers have set. */
function useFieldsOfStreams(limitReporter: LimitReporter): YogaPlugin<OperationContext> {
  return {
    onResultProcess(process) {
      const { result } = process;
      if (isAsyncIterable(result)) process.setResult(mapAsyncIterator(result, asFormatted) as typeof result);
      if (isAsyncIterable(result) || Array.isArray(result)) return;
      const context = process.serverContext as unknown as OperationContext;
      const presented = presentErrors(result as ExecutionResult, context);
      const extended = limitReporter.extend(presented, context.sluice.executing.admission);
      // Yoga takes the status from this extension, and leaves it out of the response.
      const extensions = { ...extended.extensions, http: { status: 200 } };
      process.setResult({ ...asFormatted(extended), extensions } as ExecutionResult);
    },
    onResponse({ response, serverContext }) {
      const { headers, sluice } = serverContext as unknown as OperationContext;
      const fields = limitReporter.fields([sluice.executing.admission]);
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
