import type { TableNode } from 'kysely';
import { type Mentions, noMentions } from './mentions.ts';
import { readRawText } from './raw-text.ts';

/** Puts together what a query mentions. Names are added in any case; see `Mentions` for what it makes of that. */
export class MentionCollector {
  readonly #mentions = noMentions();

  get mentions(): Mentions {
    return this.#mentions;
  }

  addSource(table: TableNode): void {
    if (isOfCatalog(table)) this.addUnknownRead();
    else this.#mentions.sources.add(nameOf(table));
  }

  addTarget(table: TableNode): void {
    if (isOfCatalog(table)) this.addUnknownWrite();
    else this.#mentions.targets.add(nameOf(table));
  }

  addExpression(name: string): void {
    this.#mentions.expressions.add(name.toLowerCase());
  }

  addWord(word: string): void {
    this.#mentions.words.add(word.toLowerCase());
  }

  addColumn(name: string): void {
    this.#mentions.columns.add(name);
  }

  /** Adds what the text of raw SQL may do, see `readRawText`. */
  addText(text: string): void {
    const { words, mayRead, mayWrite, mayEndTransaction } = readRawText(text);
    for (const word of words) this.#mentions.words.add(word);
    if (mayRead) this.addUnknownRead();
    if (mayWrite) this.addUnknownWrite();
    if (mayEndTransaction) this.#mentions.endsTransaction = true;
  }

  /** Something is read of which the tables cannot be told. */
  addUnknownRead(): void {
    this.#mentions.readsMore = true;
  }

  /** Something is written, and read by that, and it cannot be told what: it may also change what tables there are. */
  addUnknownWrite(): void {
    this.addUnknownRead();
    this.#mentions.writesMore = true;
    this.#mentions.changesRelations = true;
  }
}

function nameOf({ table }: TableNode): string {
  return table.identifier.name.toLowerCase();
}

function isOfCatalog({ table: { schema } }: TableNode): boolean {
  return schema !== undefined && /^(?:pg_|information_schema$)/i.test(schema.name);
}
