import type { Logger } from 'pino';
import type { Tokens } from '../caller/token.ts';
import type { Database } from '../database/database.ts';
import type { CreateContext, OperationContext } from '../operation/context.ts';
import type { Limiter } from '../rate-limit/index.ts';
import { type Invalidate, recordReads } from '../response-cache/index.ts';
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
  return (identified, sluice) => {
    const request: RequestContext<Tables> = {
      ...identified,
      log,
      db,
      tokens,
      headers: new Map(),
      cache: {
        invalidate,
        restrict: (restriction) => {
          sluice.executing?.findings.restrict(restriction);
        },
      },
      rateLimits: () => limiter.status(identified.caller),
    };
    const common = { ...request, sluice };
    return extend === undefined ? common : extended(common, () => extend(request));
  };
}

/** With what the application adds. What that reads may be in an answer that is kept. */
async function extended(
  common: OperationContext,
  extend: () => object | Promise<object>,
): Promise<OperationContext> {
  const { sluice } = common;
  const flight = sluice.executing?.flight;
  const own = flight === undefined ? await extend() : await recordReads(flight.reads, extend);
  return { ...common, ...own, sluice };
}
