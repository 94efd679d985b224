import { createHash } from 'node:crypto';
import { parse, type DocumentNode } from 'graphql';
import { tooLargeMessage } from '../operation/document-size.ts';

/** How many texts are remembered. */
const mostTexts = 10_000;

/**
 * Makes `tooLargeMessage` for a server that parses and validates in one go, so that the text has to be parsed for it
 * alone. Texts that were found good are known again, by their hashes; those that do not parse are left to the server.
 */
export function createTextCheck(): (text: string) => string | undefined {
  const good = new Set<string>();
  return (text) => {
    const hash = createHash('sha256').update(text).digest('base64');
    if (good.has(hash)) return undefined;
    const document = parsed(text);
    const message = document && tooLargeMessage(document);
    if (document === undefined || message !== undefined) return message;
    const [oldest] = good;
    if (good.size === mostTexts && oldest !== undefined) good.delete(oldest);
    good.add(hash);
    return undefined;
  };
}

function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true });
  } catch {
    return undefined;
  }
}
