import type { TableListener, TableNames } from '../table-listener.ts';
import { isNone } from './table-names.ts';

/**
 * Tells a listener what has been written, and waits for it. It never rejects: what has been committed must not look
 * as if it had failed, and be done again. A listener that throws is warned about through the process.
 */
export async function announce(
  listener: TableListener,
  tables: TableNames,
  isForeign = false,
): Promise<void> {
  if (isNone(tables)) return;
  try {
    await listener.onWrite(tables, isForeign);
  } catch (error) {
    const names = tables === undefined ? 'unknown tables' : [...tables].join(', ');
    process.emitWarning(`A write to ${names} could not be announced: ${String(error)}`);
  }
}
