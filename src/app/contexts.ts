import type { Logger } from 'pino';
import type { Tokens } from '../caller/token.ts';
import type { Database } from '../database/database.ts';
import type { CreateContext, OperationContext } from '../operation/context.ts';
import type { Limiter } from '../rate-limit/index.ts';
import { type Invalidate, recordReads, restrict } from '../response-cache/index.ts';
import type { RequestContext } from './application.ts';

export interface ContextOptions<Tables> {
  readonly log: Logger;
  readonly db: Database<Tables>;
  readonly tokens: Tokens;
  readonly limiter: Limiter;
  readonly invalidate: Invalidate;
  /** What the application adds. */
  readonly extend: ((request: RequestContext<Tables>) => object | Promise<object>) | undefined;
}

/** Makes the contexts of operations, which their resolvers find as theirs. */
export function createContexts<Tables>(options: ContextOptions<Tables>): CreateContext {
  const { log, db, tokens, limiter, invalidate, extend } = options;
  return ({ progress, ...known }) => {
    const request: RequestContext<Tables> = {
      ...known,
      log,
      db,
      tokens,
      headers: new Map(),
      cache: {
        invalidate,
        restrict: (restriction) => {
          restrict(progress, restriction);
        },
      },
      rateLimits: () => limiter.status(known.caller),
    };
    const common = { ...request, progress };
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
