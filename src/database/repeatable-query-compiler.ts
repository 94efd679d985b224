import { type LimitNode, SqliteQueryCompiler } from 'kysely';

/** Kysely's compiler, for statements that are prepared once and run with other values again and again. */
export class RepeatableQueryCompiler extends SqliteQueryCompiler {
  /**
   * A bare parameter after `limit` has SQLite prepare a statement anew each time that it is run, to plan it for the
   * value. The sign keeps the value, and the plan.
   */
  protected override visitLimit(node: LimitNode): void {
    this.append('limit +');
    this.visitNode(node.limit);
  }
}
