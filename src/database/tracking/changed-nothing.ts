import type {
  DeleteQueryNode,
  InsertQueryNode,
  QueryResult,
  RootOperationNode,
  UpdateQueryNode,
} from 'kysely';

/**
 * Whether a query that has run was a write that affected no row. What triggers did, or routines that it called, is
 * not looked at, and a query that writes elsewhere as well, in common table expressions, is never taken for one.
 */
export function changedNothing(query: RootOperationNode, result: QueryResult<unknown>): boolean {
  if (!isPlainWrite(query) || query.with !== undefined) return false;
  const { numAffectedRows, rows } = result;
  // SQLite does not tell how many rows were affected when it returns them.
  if (numAffectedRows === undefined) return query.returning !== undefined && rows.length === 0;
  return numAffectedRows === 0n;
}

function isPlainWrite(
  query: RootOperationNode,
): query is InsertQueryNode | UpdateQueryNode | DeleteQueryNode {
  return (
    query.kind === 'InsertQueryNode' || query.kind === 'UpdateQueryNode' || query.kind === 'DeleteQueryNode'
  );
}
