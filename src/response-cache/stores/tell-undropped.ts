import type { Logger } from 'pino';
import type { PendingDrops } from './pending-drops.ts';

/** Says in the log what was to be dropped and never will be, if anything was. @param name of the store */
export function tellUndropped(
  pending: PendingDrops,
  { name, log }: { readonly name: string; readonly log: Logger },
): void {
  if (pending.isEmpty) return;
  const dropped = pending.take();
  const what =
    dropped === 'everything' ? dropped : `${dropped.length} ${dropped.length === 1 ? 'tag' : 'tags'}`;
  log.warn(
    { store: name },
    `answers could not be dropped before the end, and may be given by others: ${what}`,
  );
}
