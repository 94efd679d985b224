import type { AbortableOperationOptions, DatabaseConnection, Driver, QueryCompiler } from 'kysely';
import type { TransactionSettings } from 'kysely';
import { isAbortedTransactionError } from 'kysely';
import type { TableListener } from '../table-listener.ts';
import { announce } from './announce.ts';
import { type LoadRelations, RelationsCache } from './relations-cache.ts';
import { TrackedConnection, type Tracking } from './tracked-connection.ts';

type CompileQuery = QueryCompiler['compileQuery'];

export interface TrackingOptions {
  readonly listener: TableListener;
  readonly loadRelations: LoadRelations;
  /** Milliseconds after which relations are loaded again, where nobody tells that others have changed them. */
  readonly relationsMaxAgeMs?: number | undefined;
  /** Begins to call back when others have changed the database; the returned function ends it. */
  readonly watch?: ((changed: () => void) => () => void) | undefined;
}

/**
 * A driver whose connections tell a listener what queries do with tables. The listener is waited for while the
 * connection is in use, so it must not query the same database.
 */
export class TrackingDriver implements Driver {
  readonly #inner: Driver;
  readonly #tracking: Tracking;
  readonly #watch: TrackingOptions['watch'];
  #endWatch: (() => void) | undefined;
  readonly #tracked = new WeakMap<DatabaseConnection, TrackedConnection>();

  constructor(inner: Driver, { listener, loadRelations, relationsMaxAgeMs, watch }: TrackingOptions) {
    this.#inner = inner;
    const relations = new RelationsCache(loadRelations, { maxAgeMs: relationsMaxAgeMs });
    this.#tracking = { listener, relations };
    this.#watch = watch;
  }

  async init(options?: AbortableOperationOptions): Promise<void> {
    await this.#inner.init(options);
    this.#endWatch ??= this.#watch?.(() => {
      this.#tracking.relations.forget();
      void announce(this.#tracking.listener, undefined, true);
    });
  }

  async acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    const inner = await this.#inner.acquireConnection(options);
    const known = this.#tracked.get(inner);
    if (known !== undefined) return known;
    const tracked = new TrackedConnection(inner, this.#tracking);
    this.#tracked.set(inner, tracked);
    return tracked;
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await this.#inner.beginTransaction(innerOf(connection), settings);
    trackedOf(connection).begin(settings);
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#inner.commitTransaction(innerOf(connection));
    } catch (error) {
      const tracked = trackedOf(connection);
      await (isAbortedTransactionError(error)
        ? tracked.rolledBack()
        : tracked.committed({ isCertain: false }));
      throw error;
    }
    await trackedOf(connection).committed({ isCertain: true });
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await this.#inner.rollbackTransaction(innerOf(connection));
    } finally {
      await trackedOf(connection).rolledBack();
    }
  }

  async savepoint(connection: DatabaseConnection, name: string, compileQuery: CompileQuery): Promise<void> {
    await this.#inner.savepoint?.(innerOf(connection), name, compileQuery);
  }

  // What was written since stays noted: too much does no harm.
  async rollbackToSavepoint(
    connection: DatabaseConnection,
    name: string,
    compileQuery: CompileQuery,
  ): Promise<void> {
    await this.#inner.rollbackToSavepoint?.(innerOf(connection), name, compileQuery);
  }

  async releaseSavepoint(
    connection: DatabaseConnection,
    name: string,
    compileQuery: CompileQuery,
  ): Promise<void> {
    await this.#inner.releaseSavepoint?.(innerOf(connection), name, compileQuery);
  }

  async releaseConnection(
    connection: DatabaseConnection,
    options?: AbortableOperationOptions,
  ): Promise<void> {
    trackedOf(connection).released();
    await this.#inner.releaseConnection(innerOf(connection), options);
  }

  async destroy(options?: AbortableOperationOptions): Promise<void> {
    this.#endWatch?.();
    this.#endWatch = undefined;
    await this.#inner.destroy(options);
  }
}

function trackedOf(connection: DatabaseConnection): TrackedConnection {
  if (connection instanceof TrackedConnection) return connection;
  throw new TypeError('The connection was not acquired from this driver.');
}

function innerOf(connection: DatabaseConnection): DatabaseConnection {
  return trackedOf(connection).inner;
}
