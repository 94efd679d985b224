import type { DatabaseConnection } from 'kysely';
import type { WorkLifetime } from '../../util/lifetime.ts';

/**
 * Sends a query that the database is asked to cancel once the work that it belongs to is ended. The connection is in use
 * until that has been asked: whoever has it next has nothing of theirs cancelled.
 */
export async function cancellable<Result>(
  connection: DatabaseConnection,
  lifetime: WorkLifetime,
  send: () => Promise<Result>,
): Promise<Result> {
  if (connection.cancelQuery === undefined) return await send();
  await connection.collectSessionInfo?.();
  const asked: Promise<void>[] = [];
  const forget = lifetime.onEnd(() => {
    // Where it cannot be asked the query runs to its end, as it would have without.
    asked.push((connection.cancelQuery?.(noOther) ?? done).catch(ignore));
  });
  try {
    lifetime.throwIfEnded();
    return await send();
  } catch (error) {
    throw lifetime.reason ?? error;
  } finally {
    forget();
    await Promise.all(asked);
  }
}

const done = Promise.resolve();

/** Kysely's PostgreSQL driver opens a connection of its own to cancel by, for those of the pool may all be in use. */
function noOther(): Promise<never> {
  return Promise.reject(new Error('There is no connection to cancel a query by.'));
}

function ignore(): void {
  // See above.
}
