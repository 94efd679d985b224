import type { Answer } from '../../answer.ts';
import type { Tag } from '../../tags.ts';

/** What an entry takes beside its texts and its body: objects, numbers, entity tag, its places in the store. */
const entryBytes = 850;
/** What a tag of an entry takes beside its text: its places in the entry and in the index. */
const linkBytes = 64;

/** An answer as the memory store has it. */
export interface Entry {
  readonly key: string;
  readonly answer: Answer;
  /** Each once. */
  readonly tags: readonly Tag[];
}

export function makeEntry(key: string, answer: Answer, tags: Iterable<Tag>): Entry {
  return { key, answer: withOwnBody(answer), tags: [...tags] };
}

/** How many bytes of memory an entry takes, as an estimate; the constants were measured on Node 24, 64 bits. */
export function sizeOf({ key, answer, tags }: Entry): number {
  let size = entryBytes + answer.body.byteLength + Buffer.byteLength(key);
  for (const tag of tags) size += linkBytes + Buffer.byteLength(tag);
  return size;
}

/** Small buffers are pieces of a larger one, which would stay in memory as long as any piece is kept. */
function withOwnBody(answer: Answer): Answer {
  const { body } = answer;
  if (body.byteLength === body.buffer.byteLength) return answer;
  const own = Buffer.allocUnsafeSlow(body.byteLength);
  own.set(body);
  return { ...answer, body: own };
}
