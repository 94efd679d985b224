/** The texts of documents by their ids. */
export type Manifest = ReadonlyMap<string, string>;

/** The shapes that are read, as errors tell of them. */
const shapes =
  'Write an object of texts by their ids, as GraphQL Codegen and Relay do, or an Apollo manifest: ' +
  '{"format":"apollo-persisted-query-manifest","version":1,"operations":[…]}.';
const apolloFormat = 'apollo-persisted-query-manifest';

/** One document of a manifest. */
type Entry = readonly [id: string, text: string];

/**
 * Reads a manifest of documents, whose shape tells who has written it: GraphQL Codegen's client preset and the Relay
 * compiler write an object of texts by their ids, Apollo a list of operations.
 * @returns sentences where it is wrong, which name the entry
 */
export function readManifest(text: string): Manifest | string {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return `It is not JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
  if (!isObject(found)) return `It is ${kindOf(found)}. ${shapes}`;
  const isApollo = Array.isArray(found['operations']) || found['format'] === apolloFormat;
  const entries = isApollo ? apolloEntries(found) : plainEntries(found, text);
  return typeof entries === 'string' ? entries : byId(entries);
}

function plainEntries(manifest: Readonly<Record<string, unknown>>, text: string): readonly Entry[] | string {
  for (const [id, value] of Object.entries(manifest)) {
    if (typeof value !== 'string')
      return `The entry ${quoted(id)} is ${kindOf(value)}, not the text of a document. ${shapes}`;
  }
  // JSON.parse takes the last of several entries with one key, without a word. Here all that there are are strings.
  const strings = Array.from(text.matchAll(/"(?:[^"\\]+|\\.)*"/g), ([each]) => JSON.parse(each) as string);
  return Array.from({ length: strings.length / 2 }, (_, index) => [
    strings[2 * index] ?? '',
    strings[2 * index + 1] ?? '',
  ]);
}

function apolloEntries({
  format,
  version,
  operations,
}: Readonly<Record<string, unknown>>): readonly Entry[] | string {
  if (format !== apolloFormat) return `Its "format" is ${shown(format)}; it must be "${apolloFormat}".`;
  if (version !== 1) return `Its "version" is ${shown(version)}; it must be 1.`;
  if (!Array.isArray(operations)) return `Its "operations" are ${kindOf(operations)}, not a list.`;
  const entries: Entry[] = [];
  for (const [index, operation] of operations.entries()) {
    const place = `operations[${index}]`;
    if (!isObject(operation)) return `${place} is ${kindOf(operation)}, not an object with "id" and "body".`;
    const { id, body } = operation;
    if (typeof id !== 'string') return `${place} has ${kindOf(id)} for its "id", not a string.`;
    if (typeof body !== 'string')
      return `${place}, ${quoted(id)}, has ${kindOf(body)} for its "body", not the text of a document.`;
    entries.push([id, body]);
  }
  return entries;
}

/** An id may come twice with the same text: Apollo's manifests have an entry for each client. */
function byId(entries: readonly Entry[]): Manifest | string {
  const texts = new Map<string, string>();
  for (const [id, text] of entries) {
    if (id === '') return 'An entry has no id: its id is "".';
    const before = texts.get(id);
    if (before !== undefined && before !== text) {
      return (
        `The id ${quoted(id)} stands for two documents. Give each an id of its own; ` +
        'clients are not told apart ("clientName").'
      );
    }
    texts.set(id, text);
  }
  return texts;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? JSON.stringify(value) : kindOf(value);
}

function quoted(id: string): string {
  return JSON.stringify(id.length > 100 ? `${id.slice(0, 100)}…` : id);
}
