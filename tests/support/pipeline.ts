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
import type { OperationContext, Progress } from '../../src/context.ts';
import { createPrepare } from '../../src/operation/prepare.ts';
import { AnswerCache, createInvalidate, restrict } from '../../src/response-cache/index.ts';
import type { ResolverMap, TypeDefs } from '../../src/schema/build-schema.ts';
import { cacheFields } from '../../src/servers/cache-fields.ts';
import { createPipeline } from '../../src/servers/pipeline.ts';
import { declare, type Parts } from './declared.ts';
import type { FakeClock } from './fake-clock.ts';

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
  readonly run: (source: string, request?: PipelineRequest) => Promise<PipelineReply>;
}

export const anonymous: Caller = { ip: '192.0.2.1', tiers: ['ANONYMOUS'] };

/** The pipeline that operations run through, over a schema of the test's own, without a server. */
export function openPipeline(
  typeDefs: TypeDefs,
  resolvers: ResolverMap = {},
  parts: Parts = {},
): TestPipeline {
  const declared = declare(typeDefs, resolvers, parts);
  const { schema, limiter, answers, clock } = declared;
  const getEnveloped = envelop({
    plugins: [
      useEngine({ parse, validate, specifiedRules, execute, subscribe }),
      useSchema(schema),
      ...createPipeline({
        schema,
        prepare: createPrepare(declared),
        limiter,
        cache: new AnswerCache(answers, clock),
        store: answers,
      }),
    ],
  });

  return {
    clock,
    async run(source, { variables, operationName, caller = anonymous } = {}) {
      const progress: Progress = {};
      const context: OperationContext = {
        requestId: 'test',
        method: 'POST',
        caller,
        log: pino({ level: 'silent' }),
        headers: new Map(),
        rateLimits: () => [],
        cacheWishes: undefined,
        cache: {
          invalidate: createInvalidate(schema, answers),
          restrict: (restriction) => {
            restrict(progress, restriction);
          },
        },
        progress,
      };
      const enveloped = getEnveloped(context);
      // Envelop leaves all of this untyped.
      const document = enveloped.parse(source) as DocumentNode;
      const contextValue: unknown = await enveloped.contextFactory();
      const args = { schema: enveloped.schema as GraphQLSchema, document, contextValue, operationName };
      const result = (await enveloped.execute({ ...args, variableValues: variables })) as ExecutionResult;
      const { outcome } = progress;
      const report = { outcome, isWhole: true, isLimited: false, now: clock.now() };
      const cacheStatus = new Map(cacheFields(report)).get('Cache-Status');
      return { ...result, cacheStatus };
    },
  };
}
