import type { Logger } from 'pino';
import type { Tokens } from './caller/token.ts';
import type { CreateContext, RequestContext } from './context.ts';
import type { Database } from './data/database.ts';
import type { Limiter } from './rate-limit/index.ts';
import { readAhead, restrict, type AnswerStore, type Invalidate } from './response-cache/index.ts';

export interface ContextOptions {
  readonly log: Logger;
  readonly db: Database;
  readonly tokens: Tokens;
  readonly limiter: Limiter;
  readonly answers: AnswerStore;
  readonly invalidate: Invalidate;
  /** What the application adds. */
  readonly extend: ((request: RequestContext) => object | Promise<object>) | undefined;
}

/** Makes the contexts of operations, which their resolvers find as theirs. */
export function createContexts(options: ContextOptions): CreateContext {
  const { log, db, tokens, limiter, answers, invalidate, extend } = options;
  return async (known, progress = {}) => {
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
    if (extend === undefined) return common;
    // What the application reads for the context may be in an answer that is kept.
    const isKept = progress.isStream !== true;
    const own = isKept ? await readAhead(answers, progress, () => extend(request)) : await extend(request);
    return { ...common, ...own, progress };
  };
}
