import { isIP } from 'node:net';

/** How the text of a variable becomes a value. */
export interface Format<T> {
  /** What is accepted, as the end of the sentence "It must be …". */
  readonly accepts: string;
  /** The value, or undefined where the text is not accepted. */
  readonly parse: (text: string) => T | undefined;
  /** What is wrong with a text that is not accepted, in sentences, where there is more to say than what is accepted. */
  readonly explain?: (text: string) => string | undefined;
}

/** Of what a reader returns, which is sentences where something is wrong, those. */
export function whatIsWrong(found: unknown): string | undefined {
  return typeof found === 'string' ? found : undefined;
}

/** Plain decimal integers within bounds: no sign, exponent, spaces or leading zeros. */
export function integer(minimum: number, maximum: number): Format<number> {
  return {
    accepts: `an integer from ${minimum} to ${maximum}`,
    parse: (text) => {
      const value = /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : NaN;
      return value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

/** A number of seconds, from 1 on, or `off`. */
export function secondsOrOff(maximum: number): Format<number | 'off'> {
  const seconds = integer(1, maximum);
  return {
    accepts: `${seconds.accepts}, or off`,
    parse: (text) => (text === 'off' ? 'off' : seconds.parse(text)),
  };
}

/** One of some words, spelled exactly so. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Format<Word> {
  return {
    accepts: `one of ${words.join(', ')}`,
    parse: (text) => words.find((word) => word === text),
  };
}

/** on or off. */
export const flag: Format<boolean> = {
  accepts: 'one of on, off',
  parse: (text) => (text === 'on' || text === 'off' ? text === 'on' : undefined),
};

/** One of some numbers. */
export function oneOfNumbers<const Value extends number>(...values: readonly Value[]): Format<Value> {
  return {
    accepts: `one of ${values.join(', ')}`,
    parse: (text) => values.find((value) => String(value) === text),
  };
}

/** A name without anything that means something to a store. */
export const word: Format<string> = {
  accepts: '1 to 50 letters, digits, ".", "_" and "-"',
  parse: (text) => (/^[\w.-]{1,50}$/.test(text) ? text : undefined),
};

/** The path of a file. */
export const path: Format<string> = {
  accepts: 'a path',
  parse: (text) => (text.includes('\0') ? undefined : text),
};

/** The path of a file; `off` for none. */
export const pathOrOff: Format<string | null> = {
  accepts: 'off or a path',
  parse: (text) => (text === 'off' ? null : path.parse(text)),
};

/** Any text that is long enough to be a secret. */
export function longText(minimum: number): Format<string> {
  return {
    accepts: `at least ${minimum} characters`,
    parse: (text) => (text.length >= minimum ? text : undefined),
  };
}

/** The same, of characters that a header field can carry. */
export function longWord(minimum: number): Format<string> {
  return {
    accepts: `at least ${minimum} visible ASCII characters without blanks`,
    parse: (text) => (text.length >= minimum && /^[!-~]*$/.test(text) ? text : undefined),
  };
}

/** What a server can listen on: an IP address without brackets, or a host name. */
export const host: Format<string> = {
  accepts: 'an IP address or a host name',
  parse: (text) => (isIP(text) !== 0 || isHostName(text) ? text : undefined),
};

function isHostName(text: string): boolean {
  const looksLikeAnAddress = /^[\d.]+$/.test(text);
  return !looksLikeAnAddress && /^[a-z\d](?:[a-z\d.-]*[a-z\d])?$/i.test(text);
}

/** Hosts as `Host` names them, without ports; `*` for any. */
export const hosts: Format<'*' | readonly string[]> = {
  accepts: '* or a comma-separated list of host names and IP addresses, without ports',
  parse: (text) => {
    if (text === '*') return '*';
    const list = commaSeparated(text);
    return list.every((entry) => host.parse(entry) !== undefined) ? list : undefined;
  },
};

/** Names such as those of tiers; `off` for none. */
export const names: Format<readonly string[]> = {
  accepts: 'off or a comma-separated list of names',
  parse: (text) => {
    if (text === 'off') return [];
    const list = text.split(',').map((name) => name.trim());
    return list.every((name) => /^\S+$/.test(name) && name !== 'off') ? list : undefined;
  },
};

/** Origins exactly as browsers send them, because they are compared as text. */
export const origins: Format<'*' | readonly string[]> = {
  accepts: '* or a comma-separated list of origins such as https://app.example, without a path',
  parse: (text) => {
    if (text === '*') return '*';
    const list = commaSeparated(text);
    return list.every(isOrigin) ? list : undefined;
  },
};

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** The entries of a list, without the spaces around them; an empty entry stays, so that it is noticed. */
export function commaSeparated(text: string): readonly string[] {
  return text.split(',').map((entry) => entry.trim());
}
