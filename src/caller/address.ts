import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What stands for a client whose address cannot be told, such as one on a Unix socket. */
const unknownAddress = 'unknown';

/** An address without its zone id, in its IPv4 form if it has one; undefined where the text is not an address. */
export function parseAddress(text: string): Address | undefined {
  // Read strictly, because ipaddr.js alone takes "1" for 0.0.0.1 and "010.0.0.1" for 8.0.0.1.
  if (isIP(text) === 0) return undefined;
  const [address = text] = text.split('%');
  return ipaddr.process(address);
}

/**
 * The network that limits count an address by, in canonical text (RFC 5952): an IPv4 address as it is, an IPv6 address
 * as its /64 (`2001:db8:1:2::/64`), since a single client has all the addresses of one. What is not an address is
 * `unknown`.
 * @internal
 */
export function networkOf(address: string): string {
  return networkOfAddress(parseAddress(address));
}

/** The same for an address that is already parsed. */
export function networkOfAddress(address: Address | undefined): string {
  if (address === undefined) return unknownAddress;
  if (address instanceof ipaddr.IPv4) return address.toString();
  const network = new ipaddr.IPv6([...address.parts.slice(0, 4), 0, 0, 0, 0]);
  return `${network.toString()}/64`;
}
