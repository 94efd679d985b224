import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** Below this many bytes there is little to save. */
const worthPacking = 1024;
/** What packing must come to, as a part of the body, to be worth unpacking it every time. */
const goodShare = 0.9;

/** A body as it is written to where processes share answers. */
export interface PackedBody {
  /** 0: as it is; 1: raw DEFLATE (RFC 1951). */
  readonly encoding: 0 | 1;
  readonly bytes: Buffer;
}

/** Makes a body smaller where that saves a tenth of it or more. */
export function packBody(body: Buffer): PackedBody {
  if (body.byteLength <= worthPacking) return { encoding: 0, bytes: body };
  const deflated = deflateRawSync(body, { level: 1 });
  const isSmaller = deflated.byteLength <= body.byteLength * goodShare;
  return isSmaller ? { encoding: 1, bytes: deflated } : { encoding: 0, bytes: body };
}

/**
 * Makes the body again.
 * @throws Error when the bytes are not what `packBody` has made
 */
export function unpackBody({ encoding, bytes }: PackedBody): Buffer {
  return encoding === 0 ? bytes : inflateRawSync(bytes);
}
