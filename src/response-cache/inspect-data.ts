import { idField } from './entity-types.ts';

/** What \@envelop/response-cache asks for to find entities, and leaves in place where it is null, 0 or empty. */
const leftover = '__responseCacheId';

type Places = ReadonlyMap<string, readonly string[]>;

/**
 * A value that \@envelop/response-cache leaves alone. It would take what is in a scalar for objects of the schema, and
 * go through n lists in each other 2^n times.
 */
class Held {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  /** Where nobody puts it back, what it holds is sent all the same. */
  toJSON(): unknown {
    return this.value;
  }
}

/** Hides the values under some response keys in the data of a result, which is changed, until it is inspected. */
export function holdOpaque(data: unknown, opaque: ReadonlySet<string>): void {
  if (Array.isArray(data)) for (const item of data) holdOpaque(item, opaque);
  else if (isPlain(data)) {
    for (const [key, value] of Object.entries(data)) {
      if (typeof value !== 'object' || value === null) continue;
      if (opaque.has(key)) data[key] = new Held(value);
      else holdOpaque(value, opaque);
    }
  }
}

/**
 * Finds the types of objects that are missing from the data of a result, or cannot be told apart: anything can have
 * happened to them. Takes out what the finding of entities has left in the data, and puts back what was held.
 * @param places the types of objects by the response keys under which they are
 * @param explained the root fields of which it is known why they are null
 */
export function inspect(
  data: unknown,
  places: Places,
  explained: ReadonlySet<unknown> = new Set(),
): ReadonlySet<string> {
  const unknown = new Set<string>();
  if (isPlain(data)) inspectMembers(data, { places, unknown }, explained);
  return unknown;
}

interface Inspection {
  readonly places: Places;
  readonly unknown: Set<string>;
}

function inspectValue(value: unknown, key: string, inspection: Inspection): void {
  if (value === null || value === undefined) note(key, inspection);
  else if (Array.isArray(value)) {
    if (value.length === 0) note(key, inspection);
    for (const item of value) inspectValue(item, key, inspection);
  } else inspectObject(value, key, inspection);
}

function inspectObject(value: unknown, key: string, inspection: Inspection): void {
  if (!isPlain(value)) return;
  const isLeftOver = leftover in value;
  if (isLeftOver || value[idField] === null) note(key, inspection);
  if (isLeftOver) Reflect.deleteProperty(value, leftover);
  inspectMembers(value, inspection);
}

function inspectMembers(
  object: Record<string, unknown>,
  inspection: Inspection,
  explained?: ReadonlySet<unknown>,
): void {
  for (const [key, value] of Object.entries(object)) {
    if (value instanceof Held) object[key] = value.value;
    else if (explained?.has(key) !== true) inspectValue(value, key, inspection);
  }
}

function note(key: string, { places, unknown }: Inspection): void {
  for (const type of places.get(key) ?? []) unknown.add(type);
}

/** Values of scalars may be objects of any class. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
