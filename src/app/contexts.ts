import type { Logger } from 'pino';
import type { Tokens } from '../caller/token.ts';
import type { Database } from '../database/database.ts';
import type { CreateContext, OperationContext } from '../operation/context.ts';
import type { StageHolder } from '../operation/stages.ts';
import type { Limiter } from '../rate-limit/index.ts';
import { type Invalidate, recordReads, type Restriction } from '../response-cache/index.ts';
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

/** Makes the signal of an operation for the first that asks, also through the copies that an engine makes of a context. */
class Signalled {
  readonly sluice: StageHolder;

  constructor(sluice: StageHolder) {
    this.sluice = sluice;
  }

  get signal(): AbortSignal {
    return this.sluice.lifetime.signal;
  }

  /** An application may have one of its own. */
  set signal(value: AbortSignal) {
    Object.defineProperty(this, 'signal', { value, enumerable: true });
  }
}

/** Makes the contexts of operations, which their resolvers find as theirs. */
export function createContexts<Tables>(options: ContextOptions<Tables>): CreateContext {
  const { log, db, tokens, limiter, invalidate, extend } = options;
  return (identified, sluice) => {
    const { requestId, method, caller, requestCacheControl } = identified;
    const context = Object.assign(new Signalled(sluice), {
      requestId,
      method,
      caller,
      requestCacheControl,
      log,
      db,
      tokens,
      headers: new Map<string, string>(),
      cache: {
        invalidate,
        restrict: (restriction: Restriction) => {
          sluice.executing?.findings.restrict(restriction);
        },
      },
      rateLimits: () => limiter.status(caller),
    });
    return extend === undefined ? context : extended(context, () => extend(context));
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
  return Object.assign(common, own, { sluice });
}
