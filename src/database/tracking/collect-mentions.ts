import type { OperationNode, RootOperationNode } from 'kysely';
import { MentionCollector } from './mention-collector.ts';
import { MentionVisitor } from './mention-visitor.ts';
import { type Mentions, noMentions } from './mentions.ts';
import { isBuiltQuery } from './node-kinds.ts';
import { isRawSelect, mayEndTransaction } from './raw-text.ts';

const collected = new WeakMap<OperationNode, Mentions>();

/**
 * What a query mentions, told from its nodes, and only for raw SQL from its text. It is remembered for each query
 * object, of which compiled queries are used many times.
 */
export function mentionsIn(query: RootOperationNode, sql: string): Mentions {
  const known = collected.get(query);
  if (known !== undefined) return known;
  const mentions = collect(query, sql);
  collected.set(query, mentions);
  return mentions;
}

function collect(query: RootOperationNode, sql: string): Mentions {
  if (query.kind === 'RawNode') return collectRaw(sql);
  // What is neither known nor a query defines tables, or does what nobody has thought of.
  if (!isBuiltQuery(query)) return anything(false);
  const visitor = new MentionVisitor();
  visitor.visit(query);
  return visitor.mentions;
}

function collectRaw(sql: string): Mentions {
  if (!isRawSelect(sql)) return anything(mayEndTransaction(sql));
  const found = new MentionCollector();
  found.addText(sql);
  return found.mentions;
}

function anything(endsTransaction: boolean): Mentions {
  return { ...noMentions(), readsMore: true, writesMore: true, changesRelations: true, endsTransaction };
}
