export { openAccounts } from './accounts.ts';
export type { Application, RequestContext } from './application.ts';
export { type App, type AppOptions, createApp } from './create-app.ts';
export { limitsInForce } from './limits-in-force.ts';
