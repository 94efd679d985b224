import type { Logger } from 'pino';
import type { Tokens } from './caller/token.ts';
import type { CreateContext, OperationContext, RequestContext } from './context.ts';
import type { Database } from './data/database.ts';
import type { Limiter } from './rate-limit/index.ts';
import { recordReads, restrict, type Invalidate } from './response-cache/index.ts';

export interface ContextOptions {
  readonly log: Logger;
  readonly db: Database;
  readonly tokens: Tokens;
  readonly limiter: Limiter;
  readonly invalidate: Invalidate;
  /** What the application adds. */
  readonly extend: ((request: RequestContext) => object | Promise<object>) | undefined;
}

/** Makes the contexts of operations, which their resolvers find as theirs. */
export function createContexts(options: ContextOptions): CreateContext {
  const { log, db, tokens, limiter, invalidate, extend } = options;
  return ({ progress, ...known }) => {
    const request: RequestContext = {
      ...known,
      log,
      headers: new Map(),
      cache: {
        invalidate,
        restrict: (restriction) => {
          restrict(progress, restriction);
        },
      },
      rateLimits: () => limiter.status(known.caller),
    };
    const common = { ...request, db, tokens, progress };
    return extend === undefined ? common : extended(common, () => extend(request));
  };
}

/** With what the application adds. What that reads may be in an answer that is kept. */
async function extended(
  common: OperationContext,
  extend: () => object | Promise<object>,
): Promise<OperationContext> {
  const { progress } = common;
  const { flight } = progress;
  const own = flight === undefined ? await extend() : await recordReads(flight.reads, extend);
  return { ...common, ...own, progress };
}
