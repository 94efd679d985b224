import { type Format, whatIsWrong } from './formats.ts';

/** How many in how long: what one `10 per minute` says. */
export interface WindowLimit {
  /** 0 to 2,147,483,647; with 0 nothing passes. */
  readonly limit: number;
  /** Seconds, 1 to 366 days of them. */
  readonly duration: number;
}

const day = 86_400;
const units = new Map([
  ['second', 1],
  ['minute', 60],
  ['hour', 3600],
  ['day', day],
  ['month', 30 * day],
  ['year', 360 * day],
]);

/** The largest Int of GraphQL, which the same limit in a schema cannot exceed either. */
const highestLimit = 2_147_483_647;
const longestDuration = 366 * day;

const form = /^(\d+)\s*(?:\/|per)\s*(?:(\d+)\s*)?(\p{L}+)$/iu;

/** Limits as `readLimits` takes them, or the word `off`, which gives none. */
export const limits: Format<readonly WindowLimit[]> = {
  accepts: 'off or limits such as 10 per minute; 200 per day',
  parse: (text) => {
    const found = text === 'off' ? [] : readLimits(text);
    return typeof found === 'string' ? undefined : found;
  },
  explain: (text) => whatIsWrong(readLimits(text)),
};

/** One limit above 0, or the word `off`, which gives null. */
export const oneLimit: Format<WindowLimit | null> = {
  accepts: 'off or one limit such as 20 per hour',
  parse: (text) => {
    const found = limits.parse(text);
    return found === undefined || found.length > 1 || found[0]?.limit === 0 ? undefined : (found[0] ?? null);
  },
  explain: (text) => {
    const found = readLimits(text);
    if (typeof found === 'string') return found;
    const wrong = found.length > 1 ? 'is several limits' : 'leaves nothing to anybody';
    return `${quote(text)} ${wrong}. Write one limit such as "20 per hour", or off.`;
  },
};

/**
 * Reads limits such as `10 per minute; 200 per 2 days` or `10/minute`, or returns sentences that say what is wrong.
 * Each is a count, `per` or `/`, a number of units (1 without it) and a unit from second to year, singular or plural, in
 * any case and with or without spaces; between two stands one of `,` `;` `|`. A month is 30 days, a year 360. This is the
 * notation of Flask-Limiter, less what slips through there: a window of 0 units and a colon after the unit.
 */
export function readLimits(text: string): readonly WindowLimit[] | string {
  const parts = text.split(/[,;|]/).map((part) => part.trim());
  if (parts.includes('')) return `${quote(text)} ${text.trim() === '' ? notALimit : emptyPart}`;
  const found: WindowLimit[] = [];
  for (const part of parts) {
    const limit = readLimit(part);
    if (typeof limit === 'string') return `${subject(part, parts, text)} ${limit}`;
    found.push(limit);
  }
  return found;
}

const notALimit = 'is not a limit. Write it like "10 per minute" or "5 per 15 minutes".';
const emptyPart =
  'has a separator without a limit beside it. Put one of , ; | between two limits and nowhere else.';

function quote(text: string): string {
  return JSON.stringify(text);
}

// What is left of "1,000 per day" cannot be understood without the whole.
function subject(part: string, parts: readonly string[], text: string): string {
  return parts.length === 1 ? quote(part) : `${quote(part)} in ${quote(text)}`;
}

/** One limit, or what is to be said of it. */
function readLimit(text: string): WindowLimit | string {
  const [, count, multiple = '1', unit] = form.exec(text) ?? [];
  if (count === undefined || unit === undefined) return notALimit;
  const seconds = units.get(unit.toLowerCase().replace(/s$/, ''));
  if (seconds === undefined)
    return `has the unknown unit ${quote(unit)}. Use one of ${[...units.keys()].join(', ')}.`;
  const limit = Number(count);
  const duration = Number(multiple) * seconds;
  if (limit > highestLimit) return `counts to ${count}. A limit is 0 to ${highestLimit}.`;
  const fits = duration >= 1 && duration <= longestDuration;
  return fits
    ? { limit, duration }
    : `has a window of ${multiple} ${unit}. A window is 1 second to 366 days.`;
}

/** The limit in the same notation, by the largest unit that divides its window: `5 per 15 minute`, `200 per 1 day`. */
export function formatLimit({ limit, duration }: WindowLimit): string {
  const [unit, seconds] = [...units].findLast(([, length]) => duration % length === 0) ?? ['second', 1];
  return `${limit} per ${duration / seconds} ${unit}`;
}
