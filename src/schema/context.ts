import type { Tokens } from '../caller/token.ts';
import type { RequestContext } from '../context.ts';
import type { Database } from '../data/database.ts';

/** What the resolvers of the sample API may use. */
export interface SampleContext extends RequestContext {
  readonly db: Database;
  readonly tokens: Tokens;
}
