import type { TableListener } from '../database/table-listener.ts';
import { type AnswerStore, noteRead, tableTag } from '../response-cache/index.ts';
import type { ForeignWrites } from './foreign-writes.ts';

/**
 * Notes what operations read from tables, and invalidates the answers that were made from tables which have changed.
 */
export function tagByTables(answers: AnswerStore, foreign: ForeignWrites): TableListener {
  return {
    onRead: noteRead,
    onWrite(tables, isForeign) {
      if (!isForeign)
        return answers.invalidate(tables === undefined ? 'everything' : Array.from(tables, tableTag));
      foreign.note();
      return undefined;
    },
  };
}
