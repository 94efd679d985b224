/** A host that listens on a TCP port. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** Reads `HOST:PORT`, `HOST` or, for an IPv6 address, `[ADDRESS]:PORT`; undefined where it is none of them. */
export function parseHostAndPort(text: string, defaultPort: number): HostAndPort | undefined {
  const [, bracketed, plain = '', port] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? defaultPort : Number(port);
  return host === '' || number < 1 || number > 65_535 ? undefined : { host, port: number };
}
