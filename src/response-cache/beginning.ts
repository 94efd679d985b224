import { newReads, recordReads, type Reads } from './reads.ts';
import type { AnswerStore, Making } from './store.ts';

/** The making of an answer, with what has been read for it. */
export interface Beginning {
  readonly making: Making;
  readonly reads: Reads;
}

export function begin(store: AnswerStore): Beginning {
  return { making: store.begin(), reads: newReads() };
}

/**
 * Does what comes before an operation and may read for it, in the name of its answer.
 * @param progress of the operation, which has to abandon the making if it makes no answer
 */
export async function readAhead<Result>(
  store: AnswerStore,
  progress: { beginning?: Beginning },
  action: () => Result | Promise<Result>,
): Promise<Result> {
  const beginning = begin(store);
  progress.beginning = beginning;
  try {
    return await recordReads(beginning.reads, action);
  } catch (error) {
    beginning.making.abandon();
    throw error;
  }
}
