import type { Ask } from './ask.ts';
import { numberPlace } from './operations.ts';

export interface Response {
  readonly status: number;
  readonly body: string;
}

/** Sends a request, with a text in the place of its number. */
export async function send(url: string, ask: Ask, number: string): Promise<Response> {
  const { method, path, headers, body } = ask;
  const init = { method, headers, ...(body !== '' && { body: body.replaceAll(numberPlace, number) }) };
  const response = await fetch(new URL(path, url), init);
  return { status: response.status, body: await response.text() };
}

/** What is wrong with an answer, in a sentence; undefined where it is the one that has to be given. */
export function whatIsWrong({ status, body }: Response, data: object): string | undefined {
  if (status < 200 || status > 299) return `The status is ${status}: ${body}`;
  const answer = parse(body);
  if (!isObject(answer)) return `The body is not a JSON object: ${body}`;
  if ('errors' in answer) return `The answer has errors: ${body}`;
  return 'data' in answer && includes(answer.data, data)
    ? undefined
    : `The data is not ${JSON.stringify(data)}: ${body}`;
}

/** Whether a response says that limits denied all that was asked for. */
export function isRejection({ status, body }: Response): boolean {
  if (status === 429) return true;
  const answer = parse(body);
  return status === 200 && isObject(answer) && 'errors' in answer && body.includes(rejectionMark);
}

/** What the body of a rejection has in it where the status does not tell. */
export const rejectionMark = 'Too many requests';

/** Whether a value is equal to another, but for properties and spelled-out places that only the first one has. */
function includes(value: unknown, expected: unknown): boolean {
  if (typeof expected === 'string') return typeof value === 'string' && fits(value, expected);
  if (!isObject(expected)) return value === expected;
  if (!isObject(value) || Array.isArray(value) !== Array.isArray(expected)) return false;
  if (Array.isArray(value) && value.length !== Object.keys(expected).length) return false;
  const found = new Map<string, unknown>(Object.entries(value));
  return Object.entries(expected).every(([name, part]) => includes(found.get(name), part));
}

function fits(text: string, template: string): boolean {
  const [start = '', end] = template.split(numberPlace);
  return end === undefined ? text === template : text.startsWith(start) && text.endsWith(end);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
