import type { RequestCacheControl } from '../../response-cache/index.ts';

// What stands between commas, where those in quotes do not count (RFC 9110, 5.6.4). Quotes that do not end reach to
// the end of the field.
const element = /(?:[^",]|"(?:[^"\\]|\\.)*"?)+/g;

/**
 * Reads a request's `Cache-Control` (RFC 9111, 5.2.1), leniently: what is not understood is passed over. `max-age=0`,
 * which browsers send on reload, counts as `no-cache`.
 * @param cacheControl the field's value; several lines joined by commas
 */
export function readCacheControl(cacheControl: string | undefined): RequestCacheControl {
  // Not read as a structured field: its parser refuses upper case and empty elements, and with them the whole field.
  const directives = (cacheControl?.match(element) ?? []).map(readDirective);
  return {
    noCache: directives.some(({ name, value }) => name === 'no-cache' || isZeroAge(name, value)),
    noStore: directives.some(({ name }) => name === 'no-store'),
  };
}

interface Directive {
  /** In lower case. */
  readonly name: string;
  /** As it was sent, perhaps in quotes. */
  readonly value: string;
}

function readDirective(text: string): Directive {
  const [name = '', ...rest] = text.split('=');
  return { name: name.trim().toLowerCase(), value: rest.join('=').trim() };
}

function isZeroAge(name: string, value: string): boolean {
  return name === 'max-age' && /^(?:0+|"0+")$/.test(value);
}
