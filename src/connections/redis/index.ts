export type { RedisAddress } from './client.ts';
export { openRedis, type RedisConnection, RedisConnections } from './connection.ts';
export { makeScript, type Script, type ScriptArgument } from './script.ts';
export { openSubscription, type Subscription } from './subscription.ts';
