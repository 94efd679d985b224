import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { envelop, type Plugin, useEngine, useSchema } from '@envelop/core';
import { normalizedExecutor } from '@graphql-tools/executor';
import { type ExecutionResult, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import type { OperationContext } from '../operation/context.ts';
import { presentError } from '../operation/present-errors.ts';
import { responseOf } from '../operation/response.ts';
import { ReadDocuments } from './apollo-documents.ts';
import type { Engine } from './engine.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly plugins: readonly Plugin<OperationContext>[];
}

/** Runs operations on Apollo Server, which has envelop and these plugins for its executor. */
export async function createApolloEngine({ schema, plugins }: ApolloOptions): Promise<Engine> {
  const engine = {
    parse,
    validate,
    specifiedRules,
    execute: normalizedExecutor,
    subscribe: normalizedExecutor,
  };
  // Envelop types its own plugins for an empty context, and so the list.
  const all = [useEngine(engine), useSchema(schema), ...(plugins as unknown as readonly Plugin[])];
  const getEnveloped = envelop({ plugins: all });

  async function executor(request: GatewayGraphQLRequestContext): Promise<ExecutionResult> {
    try {
      return await execute(request);
    } catch (error) {
      // Apollo Server would show the client its message.
      return { errors: [presentError(error, request.context as OperationContext)] };
    }
  }

  async function execute(request: GatewayGraphQLRequestContext): Promise<ExecutionResult> {
    const enveloped = getEnveloped(request.context as OperationContext);
    const contextValue: unknown = await enveloped.contextFactory();
    const result = (await enveloped.execute({
      schema,
      document: request.document,
      contextValue,
      variableValues: request.request.variables,
      operationName: request.request.operationName,
    })) as ExecutionResult | AsyncIterable<unknown>;
    return responseOf(result) as ExecutionResult;
  }

  const documents = new ReadDocuments();
  const apollo = new ApolloServer<OperationContext>({
    // A gateway is how Apollo Server lets others execute. This one has the schema at hand and never changes it.
    gateway: {
      load: () => Promise.resolve({ executor }),
      onSchemaLoadOrUpdate(announce) {
        announce({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => undefined;
      },
      stop: () => Promise.resolve(),
    },
    plugins: [ApolloServerPluginLandingPageDisabled()],
    persistedQueries: false,
    documentStore: documents,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // The handler and the plugins log, into the log of the app, the same for every server.
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  await apollo.start();

  return {
    async execute({ query, document, variables, operationName }, context) {
      documents.add(query, document);
      const { body } = await apollo.executeOperation(
        { query, variables, ...(operationName != null && { operationName }) },
        { contextValue: context },
      );
      return body.kind === 'single' ? body.singleResult : responseOf(body.subsequentResults);
    },

    async dispose() {
      await apollo.stop();
    },
  };
}

function ignore(): void {
  // Nothing to do.
}
