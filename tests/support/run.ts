import { envelop, useEngine, useSchema } from '@envelop/core';
import { execute, parse, specifiedRules, subscribe, validate } from 'graphql';
import { pino } from 'pino';
import { loadConfig } from '../../src/config/config.ts';
import { createAdmit } from '../../src/operation/admit.ts';
import type { CreateContext } from '../../src/operation/context.ts';
import { createDocuments } from '../../src/operation/documents.ts';
import { createFindOperation } from '../../src/operation/find-operation.ts';
import type { GraphQLParams } from '../../src/operation/graphql-params.ts';
import { Lifetimes } from '../../src/operation/lifetimes.ts';
import { createLimitReporter } from '../../src/operation/limit-reporter.ts';
import { createPlugins } from '../../src/operation/plugins/index.ts';
import { createPrepare } from '../../src/operation/prepare.ts';
import { responseOf } from '../../src/operation/response.ts';
import { type Execute, run, type RunOptions, type RunResult } from '../../src/operation/run.ts';
import type { IdentifiedRequest } from '../../src/operation/stages.ts';
import { createFindText } from '../../src/persisted-documents/index.ts';
import { AnswerCache, createInvalidate } from '../../src/response-cache/index.ts';
import { Background } from '../../src/util/background.ts';
import { systemClock } from '../../src/util/clock.ts';
import type { TestSchema } from './declared.ts';

/** Runs operations as the handler does, over a schema of the test's own, without HTTP and on envelop alone. */
export function openRun(
  declared: TestSchema,
): (params: GraphQLParams, request: IdentifiedRequest) => Promise<RunResult> {
  const options = runOptions(declared);
  return async (params, request) => run(options, request, params);
}

export function runOptions(declared: TestSchema): RunOptions {
  const { schema, limiter, answers, clock } = declared;
  const log = pino({ level: 'silent' });
  const lifetimes = new Lifetimes({ timeout: undefined, responseLimit: 1e8, clock, log });
  const cache = new AnswerCache(answers, clock);
  const { document, cost } = loadConfig().operations;
  const bounds = { ...document, ...cost };
  const mayIntrospect = () => true;
  const findOperation = createFindOperation(declared);
  const prepare = createPrepare({ schema, findOperation, bounds, mayIntrospect });
  const admit = createAdmit({ limiter, cache });
  const createContext: CreateContext = (request, sluice) => ({
    ...request,
    sluice,
    signal: sluice.lifetime.signal,
    log,
    headers: new Map(),
    rateLimits: () => [],
    cache: {
      invalidate: createInvalidate(schema, answers),
      restrict: (restriction) => {
        sluice.executing?.findings.restrict(restriction);
      },
    },
  });
  const getEnveloped = envelop({
    plugins: [
      useEngine({ parse, validate, specifiedRules, execute, subscribe }),
      useSchema(schema),
      ...createPlugins({ schema, prepare, admit, cache, store: answers, lifetimes }),
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
    documents: createDocuments({ schema, bounds, mayIntrospect }),
    bounds,
    findText: createFindText({}),
    prepare,
    admit,
    cache,
    createContext,
    execute: executeEnveloped,
    limitReporter: createLimitReporter({
      limiter,
      style: 'standard',
      withExtension: false,
      clock: systemClock,
    }),
    lifetimes,
    background: new Background(),
    log,
  };
}
