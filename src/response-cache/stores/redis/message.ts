import type { Dropped } from '../shared-answers.ts';

/** What processes tell each other of a drop. */
export interface DropMessage {
  readonly id: string;
  /** The process that dropped it. */
  readonly from: string;
  readonly dropped: Dropped;
}

/** Reads a message: the number of the drop, a blank, the rest as JSON. Undefined if it is none. */
export function readMessage(text: string): (DropMessage & { readonly sequence: number }) | undefined {
  const blank = text.indexOf(' ');
  const sequence = Number(text.slice(0, blank));
  try {
    const message: unknown = JSON.parse(text.slice(blank + 1));
    return Number.isSafeInteger(sequence) && isMessage(message) ? { ...message, sequence } : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(message: unknown): message is DropMessage {
  if (typeof message !== 'object' || message === null) return false;
  if (!('id' in message && 'from' in message && 'dropped' in message)) return false;
  const { id, from, dropped } = message;
  const areTags = Array.isArray(dropped) && dropped.every((tag) => typeof tag === 'string');
  return typeof id === 'string' && typeof from === 'string' && (areTags || dropped === 'everything');
}
