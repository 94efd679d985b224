import { clientError } from '../../errors.ts';
import { memoize } from '../../util/memoize.ts';

export interface AllowedHostsOptions {
  /** The address that is listened on. */
  readonly host: string;
  readonly allowedHosts: '*' | readonly string[] | undefined;
}

/**
 * Makes what refuses requests to other hosts than this one. A page can have its own name point to 127.0.0.1, and is then
 * of the same origin as whatever listens there, but the browser goes on calling that by the page's name.
 * @returns takes the field `Host`; throws MISDIRECTED_REQUEST
 */
export function createCheckHost({ host, allowedHosts }: AllowedHostsOptions): (host?: string) => void {
  if (allowedHosts === '*' || (allowedHosts === undefined && !isOfThisMachine(host))) return () => undefined;
  const names = new Set([host, ...(allowedHosts ?? [])].map((name) => name.toLowerCase()));
  const isAllowed = memoize((field) => {
    const name = nameOf(field);
    return names.has(name) || isOfThisMachine(name);
  });
  return (field) => {
    // Browsers always send it.
    if (field === undefined || isAllowed(field)) return;
    throw clientError(
      'MISDIRECTED_REQUEST',
      `This server does not answer for "${field.slice(0, 100)}". If it should, add the name to ALLOWED_HOSTS.`,
    );
  };
}

/** The host in a field `Host`, without port, brackets and the dot at its end, in lower case. */
function nameOf(field: string): string {
  const [, bracketed, plain = ''] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(field.toLowerCase()) ?? [];
  return bracketed ?? plain.replace(/\.$/, '');
}

function isOfThisMachine(name: string): boolean {
  return /^(?:127(?:\.\d{1,3}){3}|::1|(?:.+\.)?localhost)$/i.test(name);
}
