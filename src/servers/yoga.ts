import type { Plugin } from '@envelop/core';
import { GraphQLError, type DocumentNode, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { OperationContext } from '../context.ts';
import { requestError } from './errors.ts';
import { answerOf, tooDeep, type GraphQLServer } from './graphql-server.ts';

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly pipeline: readonly Plugin<OperationContext>[];
  /** Bytes. */
  readonly bodyLimit: number;
}

/**
 * Runs operations on GraphQL Yoga. Plain ones go straight into its envelop, which keeps parsed and validated documents
 * by their text; event streams and uploads go through Yoga's own handling of HTTP.
 */
export function createYogaServer({ schema, pipeline, bodyLimit }: YogaOptions): GraphQLServer {
  const yoga = createYoga<OperationContext>({
    schema,
    plugins: [...pipeline],
    maxRequestBodySize: bodyLimit,
    // The front answers for these, the same for every server.
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
  });

  return {
    async execute({ query, variables, operationName }, context) {
      const enveloped = yoga.getEnveloped(context);
      const document = parseWith(enveloped.parse as Parse, query);
      if (document instanceof GraphQLError)
        return { errors: [requestError(document, 'GRAPHQL_PARSE_FAILED')] };
      const problems = enveloped.validate(schema, document) as readonly GraphQLError[];
      if (problems.length > 0) {
        return { errors: problems.map((problem) => requestError(problem, 'GRAPHQL_VALIDATION_FAILED')) };
      }
      const contextValue: unknown = await enveloped.contextFactory();
      const result = (await enveloped.execute({
        schema,
        document,
        contextValue,
        variableValues: variables,
        operationName,
      })) as ExecutionResult | AsyncIterable<unknown>;
      return answerOf(result);
    },

    async stream(request, response, context) {
      await yoga(request, response, context);
    },

    async dispose() {
      await yoga.dispose();
    },
  };
}

type Parse = (text: string) => DocumentNode;

function parseWith(parse: Parse, text: string): DocumentNode | GraphQLError {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    if (error instanceof RangeError) return new GraphQLError(tooDeep);
    throw error;
  }
}
