import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { hashNames } from './document-name.ts';
import type { Manifest } from './manifest.ts';

/** A document that the operator knows: it is bounded by no budget for texts. */
export interface TrustedDocument {
  readonly text: string;
  readonly document: DocumentNode;
}

/** So many problems of a manifest are told at once. */
const mostTold = 10;

/** The documents of a manifest: parsed and validated when they are loaded, so that a request pays a look-up. */
export class TrustedDocuments {
  /** Whether no other documents are run. */
  readonly areOnly: boolean;
  readonly #schema: GraphQLSchema;
  #byName: ReadonlyMap<string, TrustedDocument> = new Map();
  #byText: ReadonlyMap<string, TrustedDocument> = new Map();

  constructor(schema: GraphQLSchema, mode: 'only' | 'prefer') {
    this.#schema = schema;
    this.areOnly = mode === 'only';
  }

  /** The document of this id, or of this SHA-256 with or without `sha256:` before it. */
  byName(name: string): TrustedDocument | undefined {
    return this.#byName.get(name);
  }

  byText(text: string): TrustedDocument | undefined {
    return this.#byText.get(text);
  }

  /**
   * Trusts these documents and no others from now on. Texts that were trusted before are not read again.
   * @throws Error that names the entries which are wrong, a line each; nothing has changed then
   */
  replace(manifest: Manifest): void {
    const byName = new Map<string, TrustedDocument>();
    const byText = new Map<string, TrustedDocument>();
    const problems: string[] = [];
    for (const [id, text] of manifest) {
      const trusted = byText.get(text) ?? this.#byText.get(text) ?? read(this.#schema, text);
      const problem = typeof trusted === 'string' ? trusted : nameIt(byName, id, trusted);
      if (problem !== undefined) problems.push(`${JSON.stringify(id)}: ${problem}`);
      if (typeof trusted !== 'string') byText.set(text, trusted);
    }
    if (problems.length > 0) throw new Error(told(problems));
    this.#byName = byName;
    this.#byText = byText;
  }
}

/** @returns what is wrong with a text that cannot be trusted */
function read(schema: GraphQLSchema, text: string): TrustedDocument | string {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    if (error instanceof GraphQLError) return `it does not parse: ${located(error)}`;
    if (error instanceof RangeError) return 'it is nested too deeply.';
    throw error;
  }
  if (!document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION))
    return 'it has no operation.';
  const [problem] = validate(schema, document);
  return problem === undefined ? { text, document } : `it is not valid for the schema: ${located(problem)}`;
}

/**
 * Has a document found by its id, and by its hash.
 * @returns what is wrong with the id: others would be given another document by it
 */
function nameIt(
  byName: Map<string, TrustedDocument>,
  id: string,
  trusted: TrustedDocument,
): string | undefined {
  const [bare, prefixed] = hashNames(trusted.text);
  if (id.startsWith('sha256:') && id !== prefixed) return `its text has another hash, ${prefixed}.`;
  for (const name of [id, bare, prefixed]) {
    const other = byName.get(name);
    if (other !== undefined && other !== trusted) return 'its id is the hash of another text.';
    byName.set(name, trusted);
  }
  return undefined;
}

function located({ message, locations = [] }: GraphQLError): string {
  const [first] = locations;
  return first === undefined ? message : `${message} (line ${first.line}, column ${first.column})`;
}

function told(problems: readonly string[]): string {
  const more = problems.length - mostTold;
  return [...problems.slice(0, mostTold), ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n');
}
