import type { OperationNode, RawNode } from 'kysely';
import { isBuiltQuery } from './node-kinds.ts';
import { builtQuery, otherPart } from './raw-text.ts';

/** The text of raw SQL as it will be put together: two fragments may make one word. */
export function textOf({ sqlFragments, parameters }: RawNode): string {
  const parts = parameters.map((part) => {
    if (part.kind === 'RawNode') return textOf(part as RawNode);
    return isBuiltQuery(part) ? builtQuery : otherPart;
  });
  return sqlFragments.map((fragment, index) => fragment + (parts[index] ?? '')).join('');
}

/** The table in `sql.table(…)`, which is raw SQL around nothing but a table; any other node as it is. */
export function unwrapped(node: OperationNode): OperationNode {
  if (node.kind !== 'RawNode') return node;
  const { sqlFragments, parameters } = node as RawNode;
  const [only] = parameters;
  const isWrapping = parameters.length === 1 && sqlFragments.every((fragment) => fragment === '');
  return isWrapping && only?.kind === 'TableNode' ? only : node;
}

/** Whether a node is raw SQL in parentheses: a list or a query, and not the name of a table. */
export function isRawInParentheses(node: OperationNode): boolean {
  return (
    node.kind === 'RawNode' &&
    textOf(node as RawNode)
      .trimStart()
      .startsWith('(')
  );
}

/** Whether a node is what Kysely has no nodes for and a merge does to its target: it names no table. */
export function isMergeAction(node: OperationNode): boolean {
  return node.kind === 'RawNode' && /^(?:delete|do nothing)$/.test(textOf(node as RawNode));
}
