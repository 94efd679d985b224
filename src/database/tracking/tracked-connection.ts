import { isPromise, type MaybePromise } from '@whatwg-node/promise-helpers';
import type { CompiledQuery, ControlConnectionProvider, DatabaseConnection, QueryResult } from 'kysely';
import type { AbortableOperationOptions, TransactionSettings } from 'kysely';
import { currentLifetime } from '../../util/lifetime.ts';
import type { TableListener, TableNames } from '../table-listener.ts';
import { announce } from './announce.ts';
import { cancellable } from './cancellable.ts';
import { changedNothing } from './changed-nothing.ts';
import { mentionsIn } from './collect-mentions.ts';
import type { Mentions } from './mentions.ts';
import type { Relations } from './relations.ts';
import type { RelationsCache } from './relations-cache.ts';
import { isNone, joined, mayOverlap } from './table-names.ts';
import { callsWriter, type QueryTables, tablesOf } from './tables-of.ts';

export interface Tracking {
  readonly listener: TableListener;
  readonly relations: RelationsCache;
}

/** What is known of a transaction that is open. */
interface OpenTransaction {
  written: TableNames;
  /** Whether it reads what was there when it began; undefined where the database decides. */
  readonly keepsSnapshot: boolean | undefined;
}

/** What has to be done once a query has run. */
interface Afterwards {
  readonly writes: TableNames;
  readonly version: number;
  /** Ends the uncertainty about what tables there are; undefined where there was none. */
  readonly endChange: (() => void) | undefined;
  readonly endsTransaction: boolean;
}

const done = Promise.resolve();

/** A connection that tells a listener what the queries on it do with tables. */
export class TrackedConnection implements DatabaseConnection {
  /** The connection of the driver that is tracked. */
  readonly inner: DatabaseConnection;
  readonly cancelQuery?: (provider: ControlConnectionProvider) => Promise<void>;
  readonly killSession?: (provider: ControlConnectionProvider) => Promise<void>;
  readonly collectSessionInfo?: () => Promise<void>;
  readonly #tracking: Tracking;
  #transaction: OpenTransaction | undefined;
  /** Whether raw SQL may have begun or ended a transaction, behind the driver's back. */
  #mayHaveSwitched = false;
  /** Ends the uncertainty that lasts as long as a transaction that is or may be open. */
  #endChange: (() => void) | undefined;

  constructor(inner: DatabaseConnection, tracking: Tracking) {
    this.inner = inner;
    this.#tracking = tracking;
    // Kysely asks whether they are there.
    if (inner.cancelQuery) this.cancelQuery = (provider) => inner.cancelQuery?.(untracked(provider)) ?? done;
    if (inner.killSession) this.killSession = (provider) => inner.killSession?.(untracked(provider)) ?? done;
    if (inner.collectSessionInfo) this.collectSessionInfo = () => inner.collectSessionInfo?.() ?? done;
  }

  async executeQuery<R>(query: CompiledQuery, options?: AbortableOperationOptions): Promise<QueryResult<R>> {
    const lifetime = currentLifetime();
    lifetime?.throwIfEnded();
    // Hardly ever is there anything to wait for, and each wait takes a good part of what all of this takes.
    const before = this.#before(query);
    const afterwards = isPromise(before) ? await before : before;
    const send = (): Promise<QueryResult<R>> => this.inner.executeQuery<R>(query, options);
    let hasChangedNothing = false;
    try {
      const result = await (lifetime === undefined ? send() : cancellable(this.inner, lifetime, send));
      hasChangedNothing = changedNothing(query.query, result);
      return result;
    } finally {
      // Also when it failed: the connection may have been lost after the commit.
      const announced = this.#after(afterwards, hasChangedNothing);
      if (announced !== undefined) await announced;
    }
  }

  async *streamQuery<R>(
    query: CompiledQuery,
    chunkSize: number,
    options?: AbortableOperationOptions,
  ): AsyncIterableIterator<QueryResult<R>> {
    const lifetime = currentLifetime();
    lifetime?.throwIfEnded();
    const afterwards = await this.#before(query);
    try {
      yield* this.inner.streamQuery<R>(query, chunkSize, options);
    } finally {
      await this.#after(afterwards, false);
    }
  }

  begin({ isolationLevel }: TransactionSettings): void {
    const keepsSnapshot = isolationLevel && !/^read (?:un)?committed$/.test(isolationLevel);
    this.#transaction = { written: new Set(), keepsSnapshot };
  }

  /** Tells what the transaction has written, which is or may be there for everyone to see. */
  async committed({ isCertain }: { isCertain: boolean }): Promise<void> {
    const transaction = this.#transaction;
    // A transaction that could not be committed may go on, and be committed later.
    if (isCertain) this.#endTransaction();
    if (transaction !== undefined) await announce(this.#tracking.listener, transaction.written);
  }

  async rolledBack(): Promise<void> {
    const transaction = this.#transaction;
    const mayHaveEnded = this.#mayHaveSwitched;
    this.#endTransaction();
    if (transaction !== undefined && mayHaveEnded) {
      await announce(this.#tracking.listener, transaction.written);
    }
  }

  /** Before the connection goes back to where it was taken from. */
  released(): void {
    this.#endTransaction();
  }

  #endTransaction(): void {
    this.#transaction = undefined;
    this.#mayHaveSwitched = false;
    this.#endChange?.();
    this.#endChange = undefined;
  }

  #before(query: CompiledQuery): MaybePromise<Afterwards> {
    const { version } = this.#tracking.relations;
    const mentions = mentionsIn(query.query, query.sql);
    const known = this.#relationsFor(mentions);
    if (isPromise(known)) return known.then((relations) => this.#prepare(mentions, version, relations));
    return this.#prepare(mentions, version, known);
  }

  #relationsFor({ changesRelations }: Mentions): MaybePromise<Relations | undefined> {
    const { relations } = this.#tracking;
    // Asking would be in vain, and some statements must be the first of their transaction.
    if (changesRelations || this.#endChange !== undefined) return undefined;
    // What such a transaction sees of the catalog may be out of date, though not for the database itself.
    if (this.#keepsSnapshot(relations.known)) return relations.known;
    return relations.get(this.inner);
  }

  /** Tells what a query reads, and what it may change while it runs. */
  #prepare(mentions: Mentions, version: number, known: Relations | undefined): Afterwards {
    const { listener, relations } = this.#tracking;
    const tables = tablesOf(mentions, known);
    const told = this.#areReadsCertain(tables, known) ? tables.reads : undefined;
    if (!isNone(told)) listener.onRead(told);
    const mayChange = mentions.changesRelations || (known && callsWriter(mentions, known));
    const endChange = mayChange ? relations.startChange() : undefined;
    return { writes: tables.writes, version, endChange, endsTransaction: mentions.endsTransaction };
  }

  /**
   * What was read must be what everyone can read from then on: not what may yet be rolled back, nor the past that a
   * transaction goes on to see while others write.
   */
  #areReadsCertain({ reads, writes }: QueryTables, relations: Relations | undefined): boolean {
    if (isNone(reads)) return true;
    if (this.#endChange !== undefined) return false;
    if (this.#transaction === undefined) return true;
    if (this.#keepsSnapshot(relations) ?? true) return false;
    return !mayOverlap(reads, this.#transaction.written) && !mayOverlap(reads, writes);
  }

  /** Whether the queries that follow read what was there when they began; undefined where that is not known. */
  #keepsSnapshot(relations: Relations | undefined): boolean | undefined {
    if (this.#transaction === undefined) return false;
    return this.#transaction.keepsSnapshot ?? relations?.keepsSnapshots;
  }

  /** What is to be waited for, if anything. */
  #after(afterwards: Afterwards, hasChangedNothing: boolean): Promise<void> | undefined {
    const { writes, version, endChange, endsTransaction } = afterwards;
    const { listener, relations } = this.#tracking;
    if (endsTransaction) this.#mayHaveSwitched = true;
    if (endChange !== undefined) this.#keepOrEnd(endChange);
    const written = relations.version === version ? writes : undefined;
    if (isNone(writes) || (hasChangedNothing && written !== undefined)) return undefined;
    const transaction = this.#transaction;
    if (transaction === undefined) return announce(listener, written);
    transaction.written = joined(transaction.written, written);
    return this.#mayHaveSwitched ? announce(listener, transaction.written) : undefined;
  }

  /** Ends the uncertainty that a query has begun, or lets it last as long as a transaction that hides its effect. */
  #keepOrEnd(endChange: () => void): void {
    const mayBeWithin = this.#transaction !== undefined || this.#mayHaveSwitched;
    if (mayBeWithin && this.#endChange === undefined) this.#endChange = endChange;
    else endChange();
  }
}

/** A driver's own queries are none of the listener's business, and it may need connections of its own kind. */
function untracked(provider: ControlConnectionProvider): ControlConnectionProvider {
  return (consumer) =>
    provider((connection) =>
      consumer(connection instanceof TrackedConnection ? connection.inner : connection),
    );
}
