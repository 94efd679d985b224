import type { Invalidated } from '../shared-answers.ts';

/** What processes tell each other of an invalidation. */
export interface InvalidationMessage {
  readonly id: string;
  /** The process that invalidated it. */
  readonly from: string;
  readonly invalidated: Invalidated;
}

/** Reads a message: the number of the invalidation, a blank, the rest as JSON. Undefined if it is none. */
export function readMessage(text: string): (InvalidationMessage & { readonly sequence: number }) | undefined {
  const blank = text.indexOf(' ');
  const sequence = Number(text.slice(0, blank));
  try {
    const message: unknown = JSON.parse(text.slice(blank + 1));
    return Number.isSafeInteger(sequence) && isMessage(message) ? { ...message, sequence } : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(message: unknown): message is InvalidationMessage {
  if (typeof message !== 'object' || message === null) return false;
  if (!('id' in message && 'from' in message && 'invalidated' in message)) return false;
  const { id, from, invalidated } = message;
  const areTags = Array.isArray(invalidated) && invalidated.every((tag) => typeof tag === 'string');
  return typeof id === 'string' && typeof from === 'string' && (areTags || invalidated === 'everything');
}
