export { createApp, type App, type AppOptions } from './app.ts';
export type { Caller } from './caller/caller.ts';
export type { Clock } from './clock.ts';
export { loadConfig, type Config } from './config/config.ts';
export type { RequestContext } from './context.ts';
export {
  badUserInput,
  clientError,
  conflict,
  forbidden,
  notFound,
  unauthenticated,
  type ErrorCode,
} from './errors.ts';
export type { DeniedUse, Policy, PolicyTable } from './rate-limit/index.ts';
export { SchemaError, type SchemaProblem } from './schema-error.ts';
