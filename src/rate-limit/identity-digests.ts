import { hash } from 'node:crypto';
import { foldCase } from '../util/fold-case.ts';
import { type Arguments, valueAt } from './arguments.ts';
import { PlanTooLarge } from './plan/index.ts';
import type { ArgumentPath } from './policy.ts';

/** Characters. What names somebody is shorter, whatever way it is spelt in; of a longer text this much is compared. */
const longest = 1024;

/** Characters of what stands for a value. What takes more is hashed. */
const longestKept = 8 * longest;

/** Values in the objects and lists by which an operation is counted, and how many of them may be inside each other. */
const [mostValues, deepest] = [10_000, 500];

/** The digests of the arguments that an operation is counted by, each distinct value looked at once. */
export class IdentityDigests {
  readonly #texts = new Map<unknown, string>();
  readonly #digests = new Map<string, string>();
  #values = 0;

  /**
   * Hashed, because arguments such as e-mail addresses are nobody's business in a store.
   * @throws PlanTooLarge where they hold too many values
   */
  of(paths: readonly ArgumentPath[], args: Arguments): string {
    const text = `[${paths.map((path) => this.#textOf(valueAt(path, args))).join(',')}]`;
    const known = this.#digests.get(text);
    if (known !== undefined) return known;
    const digest = sha256(text);
    this.#digests.set(text, digest);
    return digest;
  }

  #textOf(value: unknown): string {
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    // Of symbols and functions there is none.
    const text = (JSON.stringify(this.#normalise(value, 0)) as string | undefined) ?? 'null';
    const short = text.length > longestKept ? `"${sha256(text)}"` : text;
    this.#texts.set(value, short);
    return short;
  }

  /**
   * Spellings that mean one thing count as one: case, space around, characters that nobody sees, the order of an
   * object's entries. Whatever resolvers take for one value must come out as one here.
   */
  #normalise(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return comparable(value);
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
    const entries: readonly [unknown, unknown][] = Array.isArray(value)
      ? [...value.entries()]
      : Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    this.#spend(entries.length, depth);
    return entries.map(([name, member]) => {
      const normal = this.#normalise(member, depth + 1);
      return typeof name === 'string' ? [name, normal] : normal;
    });
  }

  #spend(values: number, depth: number): void {
    this.#values += values;
    if (this.#values <= mostValues && depth < deepest) return;
    throw new PlanTooLarge(
      `The arguments that the operation is counted by hold more than ${mostValues} values, or are more than ${deepest} ` +
        'inside each other. Send less of them at a time.',
    );
  }
}

/**
 * What a text is compared by: all of it that is seen, where that is short enough to name anything. Of a longer one it
 * is the beginning, with how much is seen: two that share these are counted as one, and padding changes neither.
 */
function comparable(text: string): string {
  const all = seen(text);
  return all.length <= longest ? foldCase(all) : `${foldCase(all.slice(0, longest))}… ${all.length}`;
}

function seen(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]+/gu, '').trim();
}

function sha256(text: string): string {
  return hash('sha256', text, 'base64url');
}
