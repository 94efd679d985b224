import type { ExecutionResult } from 'graphql';
import type { Caller } from '../../src/caller/caller.ts';
import type { ResolverMap, TypeDefs } from '../../src/directives/build-schema.ts';
import { bodyOf } from '../../src/http/response/body.ts';
import { cacheFields } from '../../src/http/response/cache-fields.ts';
import type { RunResult } from '../../src/operation/run.ts';
import { declare, type Parts } from './declared.ts';
import type { FakeClock } from './fake-clock.ts';
import { openRun } from './run.ts';

interface PipelineRequest {
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

/** The way of operations, over a schema of the test's own, without a server. */
export function openPipeline(
  typeDefs: TypeDefs,
  resolvers: ResolverMap = {},
  parts: Parts = {},
): TestPipeline {
  const declared = declare(typeDefs, resolvers, parts);
  const { clock } = declared;
  const run = openRun(declared);
  return {
    clock,
    async run(query, { variables, operationName, caller = anonymous } = {}) {
      const request = { requestId: 'test', method: 'POST', caller, requestCacheControl: undefined };
      const result = await run({ query, variables, operationName }, request);
      const report = { outcome: result.outcome, isWhole: true, isLimited: false, now: clock.now() };
      const cacheStatus = new Map(cacheFields(report)).get('Cache-Status');
      return { ...resultOf(result), cacheStatus };
    },
  };
}

/** The result that a client reads from the body. */
export function resultOf({ response }: Pick<RunResult, 'response'>): ExecutionResult {
  return JSON.parse(String(bodyOf(response, 1e8))) as ExecutionResult;
}
