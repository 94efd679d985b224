export { type RedisConnection, RedisConnections } from './connection.ts';
export { makeScript, type Script, type ScriptArgument } from './script.ts';
export { openSubscription, type Subscription } from './subscription.ts';
