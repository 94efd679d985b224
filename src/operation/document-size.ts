import { type DefinitionNode, type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

/** How large a document may be that is validated. */
export interface DocumentLimits {
  /** Fields, those of a fragment counted wherever it is spread. */
  readonly fields: number;
  /** Selection sets inside each other, those of fragments included. */
  readonly depth: number;
}

/**
 * Validation of what has this size takes about 200 ms at worst, 20 to 30 µs a field. Its recursion, which overflows
 * the stack somewhere between the depths of 1000 and 2000, has room to spare.
 */
const defaultDocumentLimits: DocumentLimits = { fields: 5000, depth: 200 };

/**
 * What a client is told of a document that is too large to be validated; undefined if it is not. It takes a time that
 * is proportional to the text, whatever fragments make of it. Fragments that spread themselves, which validation
 * reports, are followed once.
 */
export function tooLargeMessage(
  document: DocumentNode,
  limits: DocumentLimits = defaultDocumentLimits,
): string | undefined {
  const { fields, depth } = sizeOf(document);
  if (fields > limits.fields) {
    return (
      `The document asks for ${fields} fields, those of a fragment counted wherever it is spread, and may ask for ` +
      `${limits.fields}. Ask for less, or in several requests.`
    );
  }
  if (depth > limits.depth) {
    return (
      `The document nests ${depth} selection sets, those of fragments included, and may nest ${limits.depth}. ` +
      'Nest less, or ask for what lies deepest in another request.'
    );
  }
  return undefined;
}

interface Size {
  readonly fields: number;
  readonly depth: number;
}

/** What a definition holds itself, and the fragments that it spreads. */
interface Outline extends Size {
  /** The name of a fragment; undefined for an operation. */
  readonly fragment: string | undefined;
  readonly spreads: readonly { readonly name: string; readonly depth: number }[];
}

/** Its fields are what all operations ask for, and not less than what is written: unused fragments are validated too. */
function sizeOf({ definitions }: DocumentNode): Size {
  const outlines = definitions.flatMap((definition) => outlineOf(definition) ?? []);
  const fragments = new Map(outlines.map((outline) => [outline.fragment, outline]));
  const sizes = new Map<Outline, Size>();
  for (const outline of outlines) expand(outline, fragments, sizes);

  const size = { fields: 0, depth: 0 };
  let written = 0;
  for (const outline of outlines) {
    const { fields, depth } = sizes.get(outline) ?? outline;
    if (outline.fragment === undefined) size.fields += fields;
    size.depth = Math.max(size.depth, depth);
    written += outline.fields;
  }
  return { ...size, fields: Math.min(Math.max(size.fields, written), Number.MAX_SAFE_INTEGER) };
}

function outlineOf(definition: DefinitionNode): Outline | undefined {
  const isFragment = definition.kind === Kind.FRAGMENT_DEFINITION;
  if (!isFragment && definition.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const spreads: { name: string; depth: number }[] = [];
  let [fields, deepest] = [0, 0];
  // Grows while it is gone through. A stack of calls would overflow where it nests deep.
  const sets: { set: SelectionSetNode; depth: number }[] = [{ set: definition.selectionSet, depth: 1 }];
  for (const { set, depth } of sets) {
    deepest = Math.max(deepest, depth);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) fields += 1;
      if (selection.kind === Kind.FRAGMENT_SPREAD) spreads.push({ name: selection.name.value, depth });
      else if (selection.selectionSet !== undefined)
        sets.push({ set: selection.selectionSet, depth: depth + 1 });
    }
  }
  return { fragment: isFragment ? definition.name.value : undefined, fields, depth: deepest, spreads };
}

/** Finds the size of a definition after those of all fragments that it spreads. */
function expand(start: Outline, fragments: ReadonlyMap<unknown, Outline>, sizes: Map<Outline, Size>): void {
  const stack = [start];
  const begun = new Set<Outline>();
  for (let outline = stack.at(-1); outline !== undefined; outline = stack.at(-1)) {
    if (sizes.has(outline) || begun.has(outline)) {
      stack.pop();
      if (!sizes.has(outline)) sizes.set(outline, expandedSize(outline, fragments, sizes));
      continue;
    }
    begun.add(outline);
    for (const { name } of outline.spreads) {
      const fragment = fragments.get(name);
      if (fragment !== undefined && !begun.has(fragment) && !sizes.has(fragment)) stack.push(fragment);
    }
  }
}

function expandedSize(
  outline: Outline,
  fragments: ReadonlyMap<unknown, Outline>,
  sizes: ReadonlyMap<Outline, Size>,
): Size {
  const size = { fields: outline.fields, depth: outline.depth };
  for (const spread of outline.spreads) {
    const fragment = fragments.get(spread.name);
    // One that has no size yet spreads itself.
    const inner = fragment === undefined ? undefined : sizes.get(fragment);
    if (inner === undefined) continue;
    size.fields = Math.min(size.fields + inner.fields, Number.MAX_SAFE_INTEGER);
    size.depth = Math.max(size.depth, spread.depth + inner.depth);
  }
  return size;
}
