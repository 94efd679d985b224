import type { Tag } from '../../tags.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** How many characters the name of a slot has; the scripts go by it. */
export const slotLength = 3;

/**
 * The places where the invalidations of tags are written down, one name after the other, each once. There are 64³ of
 * them, so that what Redis has to remember is bounded whatever is invalidated. Tags that share one are invalidated
 * together, which is rare and does no harm. (FNV-1a, 32 bits, over UTF-16 units; all processes must reckon alike.)
 */
export function slotsOf(tags: Iterable<Tag>): string {
  const slots = new Set<string>();
  for (const tag of tags) slots.add(slotOf(tag));
  return [...slots].join('');
}

function slotOf(tag: Tag): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < tag.length; at += 1) hash = Math.imul(hash ^ tag.charCodeAt(at), 0x01000193);
  const folded = hash ^ (hash >>> 18);
  let slot = '';
  for (let shift = 0; shift < 6 * slotLength; shift += 6) slot += alphabet.charAt((folded >>> shift) & 63);
  return slot;
}
