import { type Format, whatIsWrong } from './formats.ts';
import { readLimits, type WindowLimit } from './limit-notation.ts';

/** What takes the place of limits, by their names; null is unlimited. */
export type LimitOverrides = ReadonlyMap<string, readonly WindowLimit[] | null>;

const accepts =
  'a JSON object from names to limits or null (unlimited), ' +
  'such as {"Query.products":"10 per minute; 200 per day","products":null}';

/** Overrides as `readOverrides` takes them. */
export const limitOverrides: Format<LimitOverrides> = {
  accepts,
  parse: (text) => {
    const found = readOverrides(text);
    return typeof found === 'string' ? undefined : found;
  },
  explain: (text) => whatIsWrong(readOverrides(text)),
};

/**
 * Reads a JSON object whose keys name limits and whose values are null or texts in the notation of `readLimits`, or
 * returns sentences that say what is wrong, a line for each name. Whether there are such limits is not known here.
 */
export function readOverrides(text: string): LimitOverrides | string {
  const value = parseJson(text);
  if (value instanceof Error) return `It is not JSON: ${value.message}. It must be ${accepts}.`;
  if (!isObject(value)) return `It is ${describe(value)}. It must be ${accepts}.`;
  const overrides = new Map<string, readonly WindowLimit[] | null>();
  const problems: string[] = [];
  for (const [name, entry] of Object.entries(value)) {
    const found = readEntry(entry);
    if (typeof found === 'string') problems.push(`${JSON.stringify(name)}: ${found}`);
    else overrides.set(name, found);
  }
  return problems.length > 0 ? [...problems, 'For no limit write null.'].join('\n') : overrides;
}

function readEntry(entry: unknown): readonly WindowLimit[] | null | string {
  if (entry === null) return null;
  if (typeof entry === 'string') return readLimits(entry);
  return `${describe(entry)} is not a limit. Write a text such as "10 per minute; 200 per day".`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Objects and arrays are not shown: they can be of any size and depth.
function describe(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (isObject(value)) return 'an object';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
