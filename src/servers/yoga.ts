import { isAsyncIterable, type Plugin } from '@envelop/core';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { createYoga, type Plugin as YogaPlugin } from 'graphql-yoga';
import type { OperationContext } from '../context.ts';
import { createTextCache } from '../operation/text-cache.ts';
import { whenThere } from '../when-there.ts';
import { presentErrors } from './errors.ts';
import { answerOf, type GraphQLResponse, type GraphQLServer } from './graphql-server.ts';
import type { LimitReporter } from './limit-reporter.ts';
import { createNegotiate } from './media-type.ts';
import { statusOf } from './status.ts';
import { useDocumentSize } from './use-document-size.ts';

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly pipeline: readonly Plugin<OperationContext>[];
  /** Bytes. */
  readonly bodyLimit: number;
  readonly limits: LimitReporter;
  /** The HTTP status of an operation that limits reject, for clients that accept `application/json`. */
  readonly rejectStatus: 429 | 200;
}

/**
 * Runs operations on GraphQL Yoga. Plain ones go straight into its envelop; event streams and uploads go through Yoga's
 * own handling of HTTP, which reads and parses them.
 */
export function createYogaServer(options: YogaOptions): GraphQLServer {
  const { schema, pipeline, bodyLimit } = options;
  const yoga = createYoga<OperationContext>({
    schema,
    plugins: [useDocumentSize(), ...pipeline, useFrontOfStreams(options)],
    maxRequestBodySize: bodyLimit,
    // Yoga's own are bounded in entries only, which may be as long as a body, and a document takes 250 times its text.
    parserAndValidationCache: {
      documentCache: createTextCache<DocumentNode>(),
      errorCache: createTextCache<Error>(),
    },
    // The front answers for these, the same for every server.
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
  });

  return {
    execute({ document, variables, operationName }, context) {
      const enveloped = yoga.getEnveloped(context);
      return whenThere(enveloped.contextFactory() as MaybePromise<unknown>, (contextValue) => {
        const args = { schema, document, contextValue, variableValues: variables, operationName };
        return whenThere(enveloped.execute(args) as MaybePromise<Result>, answerOf);
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
 * Does for what Yoga itself answers what the front does for the rest: counts invalid requests, gives their errors codes
 * and the response its status, and tells of limits.
 */
function useFrontOfStreams({
  limits,
  rejectStatus,
}: Pick<YogaOptions, 'limits' | 'rejectStatus'>): YogaPlugin<OperationContext> {
  return {
    async onResultProcess(process) {
      const { request, result } = process;
      if (isAsyncIterable(result) || Array.isArray(result)) return;
      const context = process.serverContext as unknown as OperationContext;
      const presented = presentErrors(result as ExecutionResult, context);
      const { answer, admission } = await limits.count(presented, context.caller);
      if (admission !== undefined) context.progress.admission = admission;
      const extended = limits.extend(answer, admission ?? context.progress.admission);
      process.setResult(withStatus(extended, request, rejectStatus));
    },
    onResponse({ response, serverContext }) {
      const { headers, progress } = serverContext as unknown as OperationContext;
      const fields = progress.admission === undefined ? [] : limits.fields([progress.admission]);
      for (const [name, value] of [...headers, ...fields]) response.headers.set(name, value);
      // Yoga says no-cache for event streams: that they may be kept.
      response.headers.set('Cache-Control', 'no-store');
    },
  };
}

/** What envelop leaves untyped. */
type Result = Parameters<typeof answerOf>[0];

const negotiate = createNegotiate({ stream: true, html: false });

/** The answer with its status in the extension from which Yoga takes it, and which it leaves out. A stream is 200. */
function withStatus(answer: GraphQLResponse, request: Request, rejectStatus: 429 | 200): ExecutionResult {
  const accepted = negotiate(request.headers.get('accept') ?? undefined);
  const status = accepted.kind === 'json' ? statusOf(answer, accepted.mediaType, rejectStatus) : 200;
  return { ...answer, extensions: { ...answer.extensions, http: { status } } } as ExecutionResult;
}
