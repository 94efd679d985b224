import type { IncomingMessage } from 'node:http';
import { clientError } from '../../errors.ts';
import { type Parts, type PartsBounds, readParts, tooManyFiles } from './read-parts.ts';

/**
 * Reads an upload, by the GraphQL multipart request specification (https://github.com/jaydenseric/graphql-multipart-request-spec):
 * what a body in JSON would hold, with its files where that has null. Rejects with a client error.
 */
export async function readUpload(request: IncomingMessage, bounds: PartsBounds): Promise<unknown> {
  const parts = await readParts(request, bounds);
  const operations = jsonIn('operations', parts);
  const map = jsonIn('map', parts);
  if (typeof map !== 'object' || map === null || Array.isArray(map)) {
    throw bad('The part "map" must be a JSON object, with the paths of each file in a list.');
  }
  let places = 0;
  for (const [name, paths] of Object.entries(map)) {
    const file = parts.files.get(name);
    if (file === undefined) throw bad(`The part "map" names the file ${quoted(name)}, which is not there.`);
    if (!isListOfTexts(paths)) throw bad(`The paths of the file ${quoted(name)} must be a list of strings.`);
    places += paths.length;
    if (places > bounds.uploadFiles) throw tooManyFiles(bounds.uploadFiles);
    for (const path of paths) putFile(operations, path, file);
  }
  return operations;
}

function jsonIn(name: string, { fields }: Parts): unknown {
  const text = fields.get(name);
  if (text === undefined) throw bad(`The part "${name}" is missing, or is a file.`);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw bad(`The part "${name}" is not valid JSON.`);
  }
}

/** Puts a file where its path says, in place of the null that stands there. */
function putFile(operations: unknown, path: string, file: File): void {
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const holder = steps.reduce(ownValue, operations);
  if (ownValue(holder, last) !== null) {
    throw bad(`The part "map" has a file at ${quoted(path)}, where "operations" has no null.`);
  }
  Reflect.set(holder as object, last, file);
}

/** Undefined where there is none. */
function ownValue(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return undefined;
  return Reflect.get(holder, name) as unknown;
}

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

function bad(message: string): Error {
  return clientError('BAD_REQUEST', message);
}
