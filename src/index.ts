export type { Application, RequestContext } from './app/index.ts';
export { type App, type AppOptions, createApp } from './app/index.ts';
export { type Caller, tiers } from './caller/caller.ts';
export type { Tokens } from './caller/token.ts';
export { type Config, loadConfig } from './config/config.ts';
export { compileOnce } from './database/compile-once.ts';
export type { Database } from './database/database.ts';
export { idColumn } from './database/id-column.ts';
export type { MigrationSet } from './database/migrate.ts';
export { SchemaError, type SchemaProblem } from './directives/schema-error.ts';
export {
  badUserInput,
  clientError,
  conflict,
  type ErrorCode,
  forbidden,
  notFound,
  unauthenticated,
} from './errors.ts';
export type { BucketState, DenialEvent, Policy, PolicyTable } from './rate-limit/index.ts';
export type { Clock } from './util/clock.ts';
export { foldCase } from './util/fold-case.ts';
