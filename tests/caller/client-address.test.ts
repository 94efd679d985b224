import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/caller/address.ts';
import { createClientAddress } from '../../src/caller/client-address.ts';
import type { TrustProxy } from '../../src/config/trust-proxy.ts';

const client = '203.0.113.7';

function resolve(trust: TrustProxy, remoteAddress: string | undefined, forwardedFor?: string): string {
  return createClientAddress(trust)({ remoteAddress, forwardedFor });
}

const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6());
const anyEntry = fc.oneof(anyAddress, fc.string(), fc.constantFrom('', 'unknown', '127.0.0.1', '[::1]:80'));
const anyHeader = fc.array(anyEntry).map((entries) => entries.join(','));

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each(['', 'localhost', '1', '127.1', '010.0.0.1', '1.2.3.4 ', '1.2.3.4:80', '1::2::3', '2001:db8::/64'])(
    'of %j, which is no address, is unknown',
    (text) => {
      expect(networkOf(text)).toBe('unknown');
    },
  );

  it('is one text for all spellings of all addresses of an IPv6 /64', () => {
    const group = fc.integer({ min: 0, max: 0xffff });
    const network = fc.tuple(fc.integer({ min: 1, max: 0xffff }), group, group, group);
    const host = fc.tuple(group, group, group, group);
    fc.assert(
      fc.property(network, host, fc.infiniteStream(fc.boolean()), (prefix, suffix, coins) => {
        const canonical = networkOf(`${prefix.map((part) => part.toString(16)).join(':')}::`);
        expect(networkOf(spell([...prefix, ...suffix], coins))).toBe(canonical);
        expect(canonical).toMatch(/::\/64$/);
      }),
    );
  });
});

/** One of the ways to write an IPv6 address: letters of either case, leading zeros, a gap, an IPv4 tail, a zone. */
function spell(groups: readonly number[], coins: Iterator<boolean>): string {
  const flip = () => coins.next().value === true;
  const hex = groups.map((group) => {
    const text = group.toString(16).padStart(flip() ? 4 : 1, '0');
    return flip() ? text.toUpperCase() : text;
  });
  const [a = 0, b = 0] = groups.slice(6);
  const tail = flip() ? [[a >> 8, a & 255, b >> 8, b & 255].join('.')] : hex.slice(6);
  const full = [...hex.slice(0, 6), ...tail].join(':');
  const shortened = flip() ? full.replace(/:(?:0+:)+/, '::') : full;
  return shortened + (flip() ? '%eth0' : '');
}

describe('without a trusted proxy', () => {
  it('the client is the other end of the connection', () => {
    expect(resolve({ hops: 0 }, client)).toBe(client);
  });

  it('no header changes that', () => {
    fc.assert(
      fc.property(anyAddress, anyHeader, (address, header) => {
        expect(resolve({ hops: 0 }, address, header)).toBe(networkOf(address));
      }),
    );
  });

  it.each([undefined, '', 'somewhere'])('a connection from %j has an unknown client', (address) => {
    expect(resolve({ hops: 0 }, address, client)).toBe('unknown');
  });
});

describe('behind a number of proxies', () => {
  it.each([
    [1, '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    [2, '198.51.100.1, 203.0.113.7', '198.51.100.1'],
    [3, '198.51.100.1, 203.0.113.7', '198.51.100.1'],
    [1, undefined, '10.0.0.1'],
    [1, '', '10.0.0.1'],
    [1, '203.0.113.7:5678', '203.0.113.7'],
    [1, '[2001:db8::1]:443', '2001:db8::/64'],
    [1, '[2001:db8::1]', '2001:db8::/64'],
    [1, '2001:db8::1', '2001:db8::/64'],
    [1, '::ffff:203.0.113.7', '203.0.113.7'],
    [2, ' 198.51.100.1\t,203.0.113.7 ', '198.51.100.1'],
  ])('%d of them and the header %j, the client is %s', (hops, header, expected) => {
    expect(resolve({ hops }, '10.0.0.1', header)).toBe(expected);
  });

  it.each(['unknown', '_hidden', '203.0.113', '203.0.113.7:port', '[203.0.113.7', 'a.example', ',', '"::1"'])(
    'the entry %j is no client: it is the last good one to its right',
    (entry) => {
      expect(resolve({ hops: 2 }, '10.0.0.1', `${entry}, 10.0.0.2`)).toBe('10.0.0.2');
      expect(resolve({ hops: 1 }, '10.0.0.1', entry)).toBe('10.0.0.1');
      expect(resolve({ hops: 3 }, '10.0.0.1', `${client}, ${entry}, 10.0.0.2`)).toBe('10.0.0.2');
    },
  );

  it('the client cannot choose the result when the one proxy appends', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, anyHeader, (address, proxy, sent) => {
        const header = sent === '' ? address : `${sent}, ${address}`;
        expect(resolve({ hops: 1 }, proxy, header)).toBe(networkOf(address));
      }),
    );
  });

  it('a proxy on a Unix socket counts, too', () => {
    expect(resolve({ hops: 1 }, undefined, client)).toBe(client);
    expect(resolve({ hops: 1 }, undefined)).toBe('unknown');
  });
});

describe('behind proxies at known addresses', () => {
  const trust = { ranges: ['10.0.0.0/8', '192.0.2.1', '2001:db8:ffff::/48'] };

  it.each([
    ['203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['10.0.0.1', '198.51.100.1, 203.0.113.7, 192.0.2.1', '203.0.113.7'],
    ['::ffff:10.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['2001:db8:ffff::1', '203.0.113.7, ::ffff:10.0.0.1', '203.0.113.7'],
    ['10.0.0.1', '10.0.0.2, 10.0.0.3', '10.0.0.2'],
    ['10.0.0.1', '203.0.113.7, nonsense, 10.0.0.2', '10.0.0.2'],
    ['192.0.2.2', '203.0.113.7', '192.0.2.2'],
    ['10.0.0.1', undefined, '10.0.0.1'],
  ])('a connection from %s with the header %j is from %s', (remote, header, expected) => {
    expect(resolve(trust, remote, header)).toBe(expected);
  });

  it('the client is not to be known when the other end is not', () => {
    expect(resolve(trust, undefined, client)).toBe('unknown');
  });

  it('a range may be written in the IPv6 form of IPv4', () => {
    const mapped = { ranges: ['::ffff:10.0.0.0/104'] };
    expect(resolve(mapped, '10.1.2.3', client)).toBe(client);
    expect(resolve(mapped, '11.1.2.3', client)).toBe('11.1.2.3');
  });

  it('the client cannot choose the result when all the proxies append', () => {
    const outside = fc.ipV4().filter((address) => !/^10\.|^192\.0\.2\.1$/.test(address));
    fc.assert(
      fc.property(outside, anyHeader, (address, sent) => {
        expect(resolve(trust, '10.0.0.1', `${sent}, ${address}, 10.0.0.2`)).toBe(address);
      }),
    );
  });

  it('what is no range fails at once', () => {
    expect(() => createClientAddress({ ranges: ['10.0.0.0/33'] })).toThrow(
      '"10.0.0.0/33" is neither an address nor a CIDR range.',
    );
  });
});
