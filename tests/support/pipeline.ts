import { envelop, useEngine, useSchema } from '@envelop/core';
import {
  execute,
  parse,
  specifiedRules,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import { pino } from 'pino';
import type { Caller } from '../../src/caller/caller.ts';
import type { OperationContext } from '../../src/context.ts';
import { declareSchema } from '../../src/declared-schema.ts';
import { createPrepare } from '../../src/operation/prepare.ts';
import { createMemoryStore } from '../../src/rate-limit/index.ts';
import { createAnswers, useAnswerCache } from '../../src/response-cache/index.ts';
import type { ResolverMap, TypeDefs } from '../../src/schema/build-schema.ts';
import { createPipeline } from '../../src/servers/pipeline.ts';
import { FakeClock } from './fake-clock.ts';

export interface PipelineRequest {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly caller?: Caller;
}

export interface PipelineReply extends ExecutionResult {
  /** The response header Cache-Status. */
  readonly cacheStatus: string | undefined;
}

export interface TestPipeline {
  readonly clock: FakeClock;
  run(source: string, request?: PipelineRequest): Promise<PipelineReply>;
}

export const anonymous: Caller = { ip: '192.0.2.1', tiers: ['ANONYMOUS'] };

/** The pipeline that operations run through, over a schema of the test's own, without a server. */
export function openPipeline(typeDefs: TypeDefs, resolvers: ResolverMap = {}): TestPipeline {
  const clock = new FakeClock();
  const answers = createAnswers(clock);
  const { schema, limits } = declareSchema(typeDefs, resolvers, {
    answers,
    buckets: createMemoryStore({ clock }),
    report: () => undefined,
  });
  const getEnveloped = envelop({
    plugins: [
      useEngine({ parse, validate, specifiedRules, execute, subscribe }),
      useSchema(schema),
      ...createPipeline(createPrepare(schema, limits), useAnswerCache({ answers, clock })),
    ],
  });

  return {
    clock,
    async run(source, { variables, operationName, caller = anonymous } = {}) {
      const context: OperationContext = {
        requestId: 'test',
        method: 'POST',
        caller,
        log: pino({ level: 'silent' }),
        headers: new Map(),
        rateLimits: () => [],
      };
      const enveloped = getEnveloped(context);
      // Envelop leaves all of this untyped.
      const document = enveloped.parse(source) as DocumentNode;
      const contextValue: unknown = await enveloped.contextFactory();
      const args = { schema: enveloped.schema as GraphQLSchema, document, contextValue, operationName };
      const result = (await enveloped.execute({ ...args, variableValues: variables })) as ExecutionResult;
      return { ...result, cacheStatus: context.headers.get('Cache-Status') };
    },
  };
}
