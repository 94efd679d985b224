import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { commaSeparated, type Format, integer } from './formats.ts';

/**
 * Whose word on a client's address is taken: that of a number of proxies in front of the server, or of proxies at
 * certain addresses. Ranges are CIDR ranges or single addresses.
 */
export type TrustProxy = { readonly hops: number } | { readonly ranges: readonly string[] };

/** A network: its address, and how many of its leading bits count. */
export type AddressRange = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

const hops = integer(0, 10);

export const trustProxy: Format<TrustProxy> = {
  accepts:
    'the number of proxies (0 to 10) or a comma-separated list of their addresses and CIDR ranges such as 10.0.0.0/8',
  parse: (text) => (/^\d+$/.test(text) ? parseHops(text) : parseRanges(text)),
};

function parseHops(text: string): TrustProxy | undefined {
  const value = hops.parse(text);
  return value === undefined ? undefined : { hops: value };
}

function parseRanges(text: string): TrustProxy | undefined {
  const ranges = commaSeparated(text);
  return ranges.every((range) => parseRange(range) !== undefined) ? { ranges } : undefined;
}

/** The network that a CIDR range or a single address means, or undefined where the text is neither. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const length = { 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const count = bits === undefined ? length : integer(0, length).parse(bits);
  const isRange = length > 0 && count !== undefined && rest.length === 0 && !address.includes('%');
  return isRange ? withoutMapping(ipaddr.parse(address), count) : undefined;
}

// Addresses are compared in their IPv4 form where they have one, so ranges have to be, too.
function withoutMapping(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): AddressRange {
  const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
  return isMapped ? [address.toIPv4Address(), bits - 96] : [address, bits];
}
