import { type DefinitionNode, type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

/** How large a document is. */
export interface DocumentSize {
  /** Fields, those of a fragment counted wherever it is spread. */
  readonly fields: number;
  /** Those of them that have an alias. */
  readonly aliases: number;
  /** Selection sets inside each other, those of fragments included. */
  readonly depth: number;
  /** Whether fragments spread themselves, or each other in a circle. */
  readonly isCyclic: boolean;
}

type Extent = Omit<DocumentSize, 'isCyclic'>;

/** What a definition holds itself, and the fragments that it spreads. */
interface Outline extends Extent {
  /** The name of a fragment; undefined for an operation. */
  readonly fragment: string | undefined;
  readonly spreads: readonly { readonly name: string; readonly depth: number }[];
}

/**
 * The size of a document: what all operations ask for, and not less than what is written, because fragments that nothing
 * spreads are validated too. To find it out takes a time that is proportional to the text, whatever fragments make of it.
 * Fragments that spread themselves, which validation reports, are followed once.
 */
export function sizeOf({ definitions }: DocumentNode): DocumentSize {
  const outlines = definitions.flatMap((definition) => outlineOf(definition) ?? []);
  const fragments = new Map(outlines.map((outline) => [outline.fragment, outline]));
  const sizes = new Map<Outline, Extent>();
  const circles = outlines.filter((outline) => expand(outline, fragments, sizes));

  const [asked, written] = [
    { fields: 0, aliases: 0 },
    { fields: 0, aliases: 0 },
  ];
  let deepest = 0;
  for (const outline of outlines) {
    const { fields, aliases, depth } = sizes.get(outline) ?? outline;
    if (outline.fragment === undefined) add(asked, { fields, aliases });
    deepest = Math.max(deepest, depth);
    add(written, outline);
  }
  return {
    fields: Math.max(asked.fields, written.fields),
    aliases: Math.max(asked.aliases, written.aliases),
    depth: deepest,
    isCyclic: circles.length > 0,
  };
}

type Counts = Pick<DocumentSize, 'fields' | 'aliases'>;

/** Kept finite: fragments can double and double again. */
function add(sum: { -readonly [Name in keyof Counts]: number }, { fields, aliases }: Counts): void {
  sum.fields = Math.min(sum.fields + fields, Number.MAX_SAFE_INTEGER);
  sum.aliases = Math.min(sum.aliases + aliases, Number.MAX_SAFE_INTEGER);
}

function outlineOf(definition: DefinitionNode): Outline | undefined {
  const isFragment = definition.kind === Kind.FRAGMENT_DEFINITION;
  if (!isFragment && definition.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const spreads: { name: string; depth: number }[] = [];
  let [fields, aliases, deepest] = [0, 0, 0];
  // Grows while it is gone through. A stack of calls would overflow where it nests deep.
  const sets: { set: SelectionSetNode; depth: number }[] = [{ set: definition.selectionSet, depth: 1 }];
  for (const { set, depth } of sets) {
    deepest = Math.max(deepest, depth);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) fields += 1;
      if (selection.kind === Kind.FIELD && selection.alias !== undefined) aliases += 1;
      if (selection.kind === Kind.FRAGMENT_SPREAD) spreads.push({ name: selection.name.value, depth });
      else if (selection.selectionSet !== undefined)
        sets.push({ set: selection.selectionSet, depth: depth + 1 });
    }
  }
  return {
    fragment: isFragment ? definition.name.value : undefined,
    fields,
    aliases,
    depth: deepest,
    spreads,
  };
}

/** Finds the size of a definition after those of all fragments that it spreads. @returns whether one leads to itself */
function expand(
  start: Outline,
  fragments: ReadonlyMap<unknown, Outline>,
  sizes: Map<Outline, Extent>,
): boolean {
  let isCyclic = false;
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
      if (fragment === undefined || sizes.has(fragment)) continue;
      // What has been begun and has no size yet waits for this one.
      if (begun.has(fragment)) isCyclic = true;
      else stack.push(fragment);
    }
  }
  return isCyclic;
}

function expandedSize(
  outline: Outline,
  fragments: ReadonlyMap<unknown, Outline>,
  sizes: ReadonlyMap<Outline, Extent>,
): Extent {
  const size = { fields: outline.fields, aliases: outline.aliases, depth: outline.depth };
  for (const spread of outline.spreads) {
    const fragment = fragments.get(spread.name);
    // One that has no size yet spreads itself.
    const inner = fragment === undefined ? undefined : sizes.get(fragment);
    if (inner === undefined) continue;
    add(size, inner);
    size.depth = Math.max(size.depth, spread.depth + inner.depth);
  }
  return size;
}
