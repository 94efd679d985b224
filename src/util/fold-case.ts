/**
 * What a text is compared by: Unicode form NFKC, lower case, trimmed. Stores keep it beside the text, because databases
 * disagree about lower case beyond ASCII, and limits go by it, so that one account counts as one however it is spelt.
 *
 * @example
 * ```ts
 * import { foldCase } from 'sluice';
 *
 * console.log(foldCase(' Ada@Example.COM ') === foldCase('ada@example.com')); // true
 * ```
 */
export function foldCase(text: string): string {
  // A sigma that ends a word is written differently, which would hide "ΠΡΟΣΦΟΡΑ" from a search for "ΠΡΟΣ".
  // PostgreSQL cannot hold U+0000, not even to compare with.
  return text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ').replaceAll('\0', '').trim();
}
