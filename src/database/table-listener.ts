import type { MaybePromise } from '@whatwg-node/promise-helpers';

/** The names of tables, in lower case and without their schema; undefined where it cannot be told which. */
export type TableNames = ReadonlySet<string> | undefined;

/** Is told what queries do with tables. */
export interface TableListener {
  /** A query reads these tables. Called before it runs, in the asynchronous context of whoever asked for it. */
  onRead(tables: TableNames): void;
  /**
   * These tables have changed, for everyone to see. The query or the transaction ends when the promise does.
   * @param isForeign whether another process has done it, which then is not known of which tables
   */
  onWrite(tables: TableNames, isForeign: boolean): MaybePromise<void>;
}
