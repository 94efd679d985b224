import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib';
import type { MaybePromise } from '@whatwg-node/promise-helpers';
import { LRUCache } from 'lru-cache';
import type { Coding } from '../request/accept-encoding.ts';

/** Bytes. What is smaller fits into one packet or two anyway. */
export const worthCompressing = 1024;

/** How many bodies are compressed at once. The other two threads of Node's pool stay with files and names. */
const mostAtOnce = 2;

/** What a copy takes beside its bytes, in bytes. */
const entryBytes = 300;

const zstd = promisify(zstdCompress);
const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

const compressors: Record<Coding, (body: Buffer) => Promise<Buffer>> = {
  zstd: (body) => zstd(body, { params: { [constants.ZSTD_c_compressionLevel]: 3 } }),
  br: (body) => brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (body) => gzipped(body, { level: 6 }),
};

export interface CompressorOptions {
  /** How much memory the copies of kept answers may take together. */
  readonly maxBytes: number;
}

/** Compresses bodies in Node's thread pool, and keeps what it has made of kept answers. */
export class Compressor {
  readonly #copies: LRUCache<string, Buffer>;
  readonly #pending = new Map<string, Promise<Buffer | undefined>>();
  #running = 0;

  constructor({ maxBytes }: CompressorOptions) {
    this.#copies = new LRUCache({ maxSize: maxBytes });
  }

  /** The memory that the copies take, as an estimate. @internal */
  get bytes(): number {
    return this.#copies.calculatedSize;
  }

  /**
   * Compresses a body. Undefined where enough others are being compressed, or it cannot be: then it is sent as it is.
   * Never rejects.
   * @param tag the entity tag of this representation, of which a copy is kept; undefined: none is
   */
  compress(body: string | Buffer, coding: Coding, tag: string | undefined): MaybePromise<Buffer | undefined> {
    if (tag === undefined) return this.#run(body, coding);
    const known = this.#copies.get(tag) ?? this.#pending.get(tag);
    if (known !== undefined) return known;
    if (this.#running >= mostAtOnce) return undefined;
    const made = this.#make(body, coding, tag);
    this.#pending.set(tag, made);
    return made;
  }

  async #make(body: string | Buffer, coding: Coding, tag: string): Promise<Buffer | undefined> {
    const made = await this.#run(body, coding);
    const copy = made && exact(made);
    this.#pending.delete(tag);
    if (copy !== undefined) this.#copies.set(tag, copy, { size: entryBytes + copy.buffer.byteLength });
    return copy;
  }

  #run(body: string | Buffer, coding: Coding): MaybePromise<Buffer | undefined> {
    if (this.#running >= mostAtOnce) return undefined;
    this.#running += 1;
    return compressors[coding](typeof body === 'string' ? Buffer.from(body) : body)
      .catch(() => undefined)
      .finally(() => {
        this.#running -= 1;
      });
  }
}

/** Without the room that is left behind it, which would be kept with it. */
function exact(buffer: Buffer): Buffer {
  if (buffer.byteLength === buffer.buffer.byteLength) return buffer;
  const own = Buffer.allocUnsafeSlow(buffer.byteLength);
  own.set(buffer);
  return own;
}
