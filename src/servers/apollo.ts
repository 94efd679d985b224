import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import type { GatewayGraphQLRequestContext } from '@apollo/server-gateway-interface';
import { envelop, useEngine, useSchema, type Plugin } from '@envelop/core';
import { normalizedExecutor } from '@graphql-tools/executor';
import { parse, specifiedRules, validate, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { OperationContext, RequestContext } from '../context.ts';
import { answerOf, type GraphQLServer } from './graphql-server.ts';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly pipeline: readonly Plugin<OperationContext>[];
}

/** Runs operations on Apollo Server, which parses and validates them and has the envelop pipeline for its executor. */
export async function createApolloServer({ schema, pipeline }: ApolloOptions): Promise<GraphQLServer> {
  const engine = {
    parse,
    validate,
    specifiedRules,
    execute: normalizedExecutor,
    subscribe: normalizedExecutor,
  };
  // Envelop types its own plugins for an empty context, and so the list.
  const plugins = [useEngine(engine), useSchema(schema), ...(pipeline as unknown as readonly Plugin[])];
  const getEnveloped = envelop({ plugins });

  async function executor(request: GatewayGraphQLRequestContext): Promise<ExecutionResult> {
    const enveloped = getEnveloped(request.context as OperationContext);
    const contextValue: unknown = await enveloped.contextFactory();
    const result = (await enveloped.execute({
      schema,
      document: request.document,
      contextValue,
      variableValues: request.request.variables,
      operationName: request.request.operationName,
    })) as ExecutionResult | AsyncIterable<unknown>;
    return answerOf(result) as ExecutionResult;
  }

  const apollo = new ApolloServer<RequestContext>({
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
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  await apollo.start();

  return {
    async execute({ query, variables, operationName }, context) {
      const { body } = await apollo.executeOperation(
        { query, ...(variables && { variables }), ...(operationName !== undefined && { operationName }) },
        { contextValue: context },
      );
      return body.kind === 'single' ? body.singleResult : answerOf(body.subsequentResults);
    },

    async dispose() {
      await apollo.stop();
    },
  };
}
