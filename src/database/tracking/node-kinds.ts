import type { OperationNode, OperatorNode } from 'kysely';

const queries = new Set([
  'SelectQueryNode',
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
  'MergeQueryNode',
]);

const leaves = new Set([
  'ValueNode',
  'PrimitiveValueListNode',
  'DataTypeNode',
  'OperatorNode',
  'JSONPathLegNode',
  'DefaultInsertValueNode',
  'SelectAllNode',
]);

const values = new Set(['PrimitiveValueListNode', 'ValueListNode', 'ValueNode', 'TupleNode']);

/** Whether something in a node is a node itself. */
export function isNode(value: unknown): value is OperationNode {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}

/** Whether a node is a query, of which the nodes tell the tables. */
export function isBuiltQuery(node: OperationNode): boolean {
  return queries.has(node.kind);
}

/** Whether a node holds nothing of interest, or values of a caller's, which must not be taken for nodes. */
export function isLeaf(node: OperationNode): boolean {
  return leaves.has(node.kind);
}

/** Whether a node is one value or a list of them. */
export function isValue(node: OperationNode): boolean {
  return values.has(node.kind);
}

/** Whether an operator may be `in` or `not in`, after which a table can stand. */
export function mayBeIn(operator: OperationNode): boolean {
  return operator.kind !== 'OperatorNode' || /\bin$/.test((operator as OperatorNode).operator);
}
