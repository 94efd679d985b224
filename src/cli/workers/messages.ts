/** What a worker tells the primary: where it listens, or why it ends. */
export type Report = { readonly url: string } | { readonly failure: string };

/** What the primary tells a worker: take no more requests, finish those in flight, and end. */
export const drainOrder = 'drain';

/** Whether a message between the processes is a report of ours; both ends are this program. */
export function isReport(message: unknown): message is Report {
  return typeof message === 'object' && message !== null && ('url' in message || 'failure' in message);
}
