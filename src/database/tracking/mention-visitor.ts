import type {
  AggregateFunctionNode,
  AliasNode,
  BinaryOperationNode,
  CommonTableExpressionNode,
  DeleteQueryNode,
  FromNode,
  FunctionNode,
  IdentifierNode,
  InsertQueryNode,
  JoinNode,
  ListNode,
  MergeQueryNode,
  OperationNode,
  ParensNode,
  RawNode,
  ReferenceNode,
  SelectModifierNode,
  TableNode,
  UpdateQueryNode,
  UsingNode,
  WhenNode,
} from 'kysely';
import { MentionCollector } from './mention-collector.ts';
import type { Mentions } from './mentions.ts';
import { isBuiltQuery, isLeaf, isNode, isValue, mayBeIn } from './node-kinds.ts';
import { isMergeAction, isRawInParentheses, textOf, unwrapped } from './raw-node.ts';

/** Walks through the nodes of a built query and collects what it mentions. */
export class MentionVisitor {
  readonly #found = new MentionCollector();
  #rawDepth = 0;

  /** What the queries that were visited mention. */
  get mentions(): Mentions {
    return this.#found.mentions;
  }

  visit(node: OperationNode): void {
    switch (node.kind) {
      case 'FromNode':
        for (const from of (node as FromNode).froms) this.#visitSource(from);
        return;
      case 'UsingNode':
        for (const table of (node as UsingNode).tables) this.#visitSource(table);
        return;
      case 'JoinNode':
        this.#visitSource((node as JoinNode).table);
        this.#visitIfAny((node as JoinNode).on);
        return;
      case 'InsertQueryNode':
      case 'MergeQueryNode':
        this.#visitWrite(node, (node as InsertQueryNode | MergeQueryNode).into);
        return;
      case 'UpdateQueryNode':
        this.#visitWrite(node, (node as UpdateQueryNode).table);
        return;
      case 'DeleteQueryNode':
        this.#visitWrite(node, (node as DeleteQueryNode).from);
        return;
      case 'CommonTableExpressionNode':
        this.#visitExpression(node as CommonTableExpressionNode);
        return;
      case 'BinaryOperationNode':
        this.#visitOperation(node as BinaryOperationNode);
        return;
      case 'AliasNode':
        this.#visitAlias(node as AliasNode);
        return;
      case 'RawNode':
        this.#visitRaw(node as RawNode);
        return;
      case 'FunctionNode':
      case 'AggregateFunctionNode':
        this.#found.addText(`${(node as FunctionNode | AggregateFunctionNode).func}(`);
        this.#visitChildren(node);
        return;
      case 'WhenNode':
        this.#visitWhen(node as WhenNode);
        return;
      // What it locks is read by the query that it belongs to, and named here by alias.
      case 'SelectModifierNode':
        this.#visitIfAny((node as SelectModifierNode).rawModifier);
        return;
      case 'IdentifierNode':
        this.#found.addWord((node as IdentifierNode).name);
        return;
      case 'ReferenceNode':
        this.#visitReference(node as ReferenceNode);
        return;
      case 'ColumnNode':
        if (this.#rawDepth > 0) this.#visitChildren(node);
        return;
      default:
        if (!isLeaf(node)) this.#visitChildren(node);
    }
  }

  #visitChildren(node: OperationNode, except?: OperationNode): void {
    const children = node as unknown as Readonly<Record<string, unknown>>;
    // This runs for every query: looking at keys makes no array of the values.
    for (const key in children) {
      const child = children[key];
      if (Array.isArray(child)) for (const item of child as unknown[]) this.#visitValue(item);
      else if (child !== except) this.#visitValue(child);
    }
  }

  #visitValue(value: unknown): void {
    if (isNode(value)) this.visit(value);
  }

  #visitIfAny(node: OperationNode | undefined): void {
    if (node !== undefined) this.visit(node);
  }

  #visitWrite(node: OperationNode, target: OperationNode | undefined): void {
    // Without a target it is what a merge does to its own.
    if (target !== undefined) this.#visitTarget(target);
    this.#visitChildren(node, target);
  }

  #visitTarget(node: OperationNode): void {
    switch (node.kind) {
      case 'TableNode':
        this.#found.addTarget(node as TableNode);
        return;
      case 'AliasNode':
        this.#visitTarget((node as AliasNode).node);
        return;
      case 'FromNode':
        for (const from of (node as FromNode).froms) this.#visitTarget(from);
        return;
      case 'ListNode':
        for (const item of (node as ListNode).items) this.#visitTarget(item);
        return;
      default:
        this.#found.addUnknownWrite();
        this.visit(node);
    }
  }

  #visitSource(node: OperationNode): void {
    const inner = unwrapped(node);
    switch (inner.kind) {
      case 'TableNode':
        this.#found.addSource(inner as TableNode);
        return;
      case 'AliasNode':
        this.#visitSource((inner as AliasNode).node);
        this.#visitRawAlias(inner as AliasNode);
        return;
      case 'ParensNode':
        this.#visitSource((inner as ParensNode).node);
        return;
      case 'ListNode':
        for (const item of (inner as ListNode).items) this.#visitSource(item);
        return;
      default:
        if (!isBuiltQuery(inner) && inner.kind !== 'ValuesNode') this.#found.addUnknownRead();
        this.visit(inner);
    }
  }

  #visitExpression({ name, expression }: CommonTableExpressionNode): void {
    this.#found.addExpression(name.table.table.identifier.name);
    this.visit(expression);
  }

  #visitOperation({ leftOperand, operator, rightOperand }: BinaryOperationNode): void {
    this.visit(leftOperand);
    this.visit(operator);
    const mayBeTable = mayBeIn(operator) && !isValue(rightOperand) && !isRawInParentheses(rightOperand);
    if (mayBeTable) this.#visitSource(rightOperand);
    else this.visit(rightOperand);
  }

  #visitWhen({ condition, result }: WhenNode): void {
    this.visit(condition);
    if (result !== undefined && !isMergeAction(result)) this.visit(result);
  }

  #visitAlias(node: AliasNode): void {
    this.visit(node.node);
    this.#visitRawAlias(node);
  }

  #visitRawAlias({ alias }: AliasNode): void {
    if (alias.kind !== 'IdentifierNode') this.visit(alias);
  }

  #visitReference(node: ReferenceNode): void {
    const { column, table } = node;
    // In raw SQL a reference may stand where a table is read.
    if (this.#rawDepth > 0) this.#visitChildren(node);
    else if (table !== undefined && column.kind === 'ColumnNode') this.#found.addColumn(column.column.name);
  }

  #visitRaw(node: RawNode): void {
    this.#found.addText(textOf(node));
    this.#rawDepth += 1;
    for (const parameter of node.parameters) this.#visitPart(parameter);
    this.#rawDepth -= 1;
  }

  /** The text of raw SQL within raw SQL has been looked at, as a part of the whole. */
  #visitPart(node: OperationNode): void {
    if (node.kind === 'RawNode') for (const part of (node as RawNode).parameters) this.#visitPart(part);
    else this.visit(node);
  }
}
