/** What a server says that cannot do its work as a whole. */
const outages = /\b(?:READONLY|OOM|MISCONF|MASTERDOWN|NOREPLICAS|LOADING|CLUSTERDOWN|NOAUTH|WRONGPASS)\b/;

/** What is wrong with one key, one script or one permission, and says nothing of the server. Redis 6 wraps the causes. */
const refusals =
  /WRONGTYPE|NOPERM|ACL failure|can't publish|CROSSSLOT|MOVED|user_script|Error running script/;

/** Whether an error says that a Redis server as a whole does not work. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return true;
  return outages.test(error.message) || !refusals.test(error.message);
}
