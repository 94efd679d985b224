import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packBody, unpackBody } from '../../../src/response-cache/stores/packed-body.ts';

describe('a packed body', () => {
  it('is the same body again', () => {
    const text = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(text, fc.nat({ max: 200 }), (piece, times) => {
        const body = Buffer.from(piece.repeat(times));
        expect(unpackBody(packBody(body)).equals(body)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('is smaller where that saves a tenth', () => {
    const body = Buffer.from('{"id":"1","name":"Ada"},'.repeat(200));
    const { encoding, bytes } = packBody(body);
    expect(encoding).toBe(1);
    expect(bytes.byteLength).toBeLessThan(body.byteLength / 10);
  });

  it.each([
    ['is short', Buffer.alloc(1024, 'x')],
    ['would not become smaller', randomBytes(10_000)],
    ['would become only a little smaller', Buffer.concat([randomBytes(9500), Buffer.alloc(500)])],
  ])('is left as it is where it %s', (_, body) => {
    expect(packBody(body)).toEqual({ encoding: 0, bytes: body });
  });

  it('that somebody has damaged is an error', () => {
    expect(() => unpackBody({ encoding: 1, bytes: Buffer.from('no DEFLATE') })).toThrow(Error);
  });
});
