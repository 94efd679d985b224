import type { TableListener } from './data/table-listener.ts';
import type { ForeignWrites } from './foreign-writes.ts';
import { noteRead, tableTag, type AnswerStore } from './response-cache/index.ts';

/** Notes what operations read from tables, and drops the answers that were made from tables which have changed. */
export function tagByTables(answers: AnswerStore, foreign: ForeignWrites): TableListener {
  return {
    onRead: noteRead,
    onWrite(tables, isForeign) {
      if (!isForeign) return answers.drop(tables === undefined ? 'everything' : Array.from(tables, tableTag));
      foreign.note();
      return undefined;
    },
  };
}
