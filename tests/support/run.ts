import { envelop, useEngine, useSchema } from '@envelop/core';
import { execute, parse, specifiedRules, subscribe, validate } from 'graphql';
import { pino } from 'pino';
import { createAdmit } from '../../src/operation/admit.ts';
import type { CreateContext, RequestFacts } from '../../src/operation/context.ts';
import { createDocuments } from '../../src/operation/documents.ts';
import { createLimitReporter } from '../../src/operation/limit-reporter.ts';
import type { GraphQLParams } from '../../src/operation/params.ts';
import { createPipeline } from '../../src/operation/pipeline.ts';
import { createPrepare } from '../../src/operation/prepare.ts';
import { responseOf } from '../../src/operation/response.ts';
import { type Answered, type Execute, run, type RunOptions } from '../../src/operation/run.ts';
import { AnswerCache, createInvalidate, restrict } from '../../src/response-cache/index.ts';
import { Background } from '../../src/util/background.ts';
import { systemClock } from '../../src/util/clock.ts';
import type { TestSchema } from './declared.ts';

/** Runs operations as the front does, over a schema of the test's own, without HTTP and on envelop alone. */
export function openRun(
  declared: TestSchema,
): (params: GraphQLParams, facts: RequestFacts) => Promise<Answered> {
  const options = runOptions(declared);
  return async (params, facts) => run(options, facts, params);
}

export function runOptions(declared: TestSchema): RunOptions {
  const { schema, limiter, answers, clock } = declared;
  const log = pino({ level: 'silent' });
  const cache = new AnswerCache(answers, clock);
  const admit = createAdmit({ schema, prepare: createPrepare(declared), limiter, cache });
  const createContext: CreateContext = (facts) => ({
    ...facts,
    log,
    headers: new Map(),
    rateLimits: () => [],
    cache: {
      invalidate: createInvalidate(schema, answers),
      restrict: (restriction) => {
        restrict(facts.progress, restriction);
      },
    },
  });
  const getEnveloped = envelop({
    plugins: [
      useEngine({ parse, validate, specifiedRules, execute, subscribe }),
      useSchema(schema),
      ...createPipeline({ schema, admit, cache, store: answers }),
    ],
  });
  const executeEnveloped: Execute = async ({ document, variables, operationName }, context) => {
    const enveloped = getEnveloped(context);
    const contextValue: unknown = await enveloped.contextFactory();
    const args = { schema, document, contextValue, operationName, variableValues: variables };
    // Envelop leaves it untyped.
    return responseOf((await enveloped.execute(args)) as Parameters<typeof responseOf>[0]);
  };
  return {
    documents: createDocuments(schema),
    admit,
    cache,
    createContext,
    execute: executeEnveloped,
    limits: createLimitReporter({ limiter, style: 'standard', withExtension: false, clock: systemClock }),
    background: new Background(),
    log,
  };
}
