import { parseRange, type TrustProxy } from '../config/trust-proxy.ts';
import { memoize } from '../util/memoize.ts';
import { type Address, networkOfAddress, parseAddress } from './address.ts';

/** What a request says of where it came from. */
interface RequestOrigin {
  /** The other end of the connection; undefined for a Unix socket. */
  readonly remoteAddress: string | undefined;
  /** The value of X-Forwarded-For: each proxy appends the address that it was called from. */
  readonly forwardedFor: string | undefined;
}

export type ClientAddress = (origin: RequestOrigin) => string;

export type Header = string | readonly string[] | undefined;

/** What of an HTTP request says who asks. A `node:http` request fits. */
export interface CallerRequest {
  readonly socket: { readonly remoteAddress?: string | undefined };
  readonly headers: {
    readonly 'x-forwarded-for'?: Header;
    readonly 'x-api-key'?: Header;
    readonly authorization?: Header;
  };
}

/** The client's address as limits count it. */
export function addressOf(clientAddress: ClientAddress, { socket, headers }: CallerRequest): string {
  const forwarded = headers['x-forwarded-for'];
  const forwardedFor = typeof forwarded === 'object' ? forwarded.join(',') : forwarded;
  return clientAddress({ remoteAddress: socket.remoteAddress, forwardedFor });
}

/** Whether the sender at an address, so many steps away from the server, tells the truth about who called it. */
type Trusts = (sender: Address | undefined, distance: number) => boolean;

/**
 * Finds the network of the client behind the trusted proxies, as `networkOf` writes it. The chain of senders is followed
 * from the connection towards the client as long as the sender is trusted. An entry that is no address ends it: whatever
 * stands to its left is hearsay. Throws for a range that is not one.
 */
export function createClientAddress(trust: TrustProxy): ClientAddress {
  const trusts = createTrusts(trust);
  const trustsNobody = 'hops' in trust && trust.hops === 0;
  const known = memoize((chain) => {
    const [remote = '', forwarded] = chain.split('\n');
    return follow(trusts, remote, forwarded);
  });
  return ({ remoteAddress = '', forwardedFor }) =>
    known(forwardedFor === undefined || trustsNobody ? remoteAddress : `${remoteAddress}\n${forwardedFor}`);
}

function follow(trusts: Trusts, remoteAddress: string, forwardedFor: string | undefined): string {
  let client = parseAddress(remoteAddress);
  let rest = forwardedFor;
  for (let distance = 0; rest !== undefined && trusts(client, distance); distance += 1) {
    const comma = rest.lastIndexOf(',');
    const next = parseEntry(rest.slice(comma + 1));
    if (next === undefined) break;
    client = next;
    rest = comma < 0 ? undefined : rest.slice(0, comma);
  }
  return networkOfAddress(client);
}

function createTrusts(trust: TrustProxy): Trusts {
  if ('hops' in trust) return (_sender, distance) => distance < trust.hops;
  const ranges = trust.ranges.map(toRange);
  return (sender) =>
    sender !== undefined &&
    ranges.some(([network, bits]) => sender.kind() === network.kind() && sender.match(network, bits));
}

function toRange(text: string) {
  const range = parseRange(text);
  if (range === undefined) throw new Error(`${JSON.stringify(text)} is neither an address nor a CIDR range.`);
  return range;
}

// Some proxies append the port: "192.0.2.1:5678", "[2001:db8::1]:443".
function parseEntry(entry: string): Address | undefined {
  const text = entry.trim();
  const match = /^\[(?<v6>[^\]]*)\](?::\d{1,5})?$|^(?<v4>[\d.]+):\d{1,5}$/.exec(text);
  return parseAddress(match?.groups?.['v6'] ?? match?.groups?.['v4'] ?? text);
}
