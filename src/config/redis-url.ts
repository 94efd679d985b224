import { parseHostAndPort } from './host-and-port.ts';

const defaultPort = 6379;

/** What a URL of Redis says. */
export type RedisUrl = NonNullable<ReturnType<typeof parseRedisUrl>>;

/**
 * Reads `redis://USER:PASSWORD@HOST:PORT/DB`, with `rediss:` for TLS. Several hosts, separated by commas, are nodes of a
 * cluster; so is a single one with `?cluster`.
 * @returns where it is, with what is secret in `options` and a `name` without it for the log; undefined where it is
 * malformed
 */
export function parseRedisUrl(text: string) {
  const [, scheme, credentials = '', hosts = '', path = '', query = ''] =
    /^(rediss?):\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/(\d*))?(?:\?(cluster)?)?$/.exec(text) ?? [];
  const nodes = hosts.split(',').map((host) => parseHostAndPort(host, defaultPort));
  if (scheme === undefined || nodes.includes(undefined)) return undefined;
  const known = nodes.filter((node) => node !== undefined);
  const isCluster = query === 'cluster' || known.length > 1;
  const db = path === '' ? 0 : Number(path);
  if (isCluster && db !== 0) return undefined;
  const [username = '', password = ''] = split(credentials).map(decode);
  return {
    nodes: known,
    isCluster,
    options: {
      ...(username !== '' && { username }),
      ...(password !== '' && { password }),
      ...(db !== 0 && { db }),
      ...(scheme === 'rediss' && { tls: {} }),
    },
    name: `${scheme}://${hosts}${db === 0 ? '' : `/${db}`}`,
  };
}

/** A user name alone is none: before there were users, URLs had the password in any place. */
function split(credentials: string): string[] {
  const colon = credentials.indexOf(':');
  return colon === -1 ? ['', credentials] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
