import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { codingOf } from '../../src/http/request/accept-encoding.ts';
import { Compressor } from '../../src/http/response/compress.ts';

const text = 'an answer '.repeat(10_000);

it('compresses two bodies at a time, and leaves the others of a flood as they are', async () => {
  const compressor = new Compressor({ maxBytes: 1_000_000 });
  const all = Array.from({ length: 100 }, () => compressor.compress(text, 'gzip', undefined));
  const made = (await Promise.all(all.map((body) => Promise.resolve(body)))).filter(
    (body) => body !== undefined,
  );
  expect(made.map((body) => gunzipSync(body).toString())).toEqual([text, text]);
  expect(await compressor.compress(text, 'gzip', undefined)).toBeDefined();
});

it('makes one copy for all who ask for it, and gives it at once from then on', async () => {
  const compressor = new Compressor({ maxBytes: 1_000_000 });
  const all = Array.from({ length: 100 }, () => compressor.compress(text, 'br', '"a-br"'));
  const [first, ...others] = await Promise.all(all.map((copy) => Promise.resolve(copy)));
  expect(first).toBeInstanceOf(Buffer);
  expect(others.every((copy) => copy === first)).toBe(true);
  expect(compressor.compress(text, 'br', '"a-br"')).toBe(first);
});

it('keeps no more copies than their memory has room for, however many answers there are', async () => {
  const maxBytes = 100_000;
  const compressor = new Compressor({ maxBytes });
  for (let answer = 0; answer < 100; answer += 1) {
    const body = randomBytes(5000).toString('hex');
    await compressor.compress(body, 'gzip', `"${answer}-gzip"`);
    expect(compressor.bytes).toBeLessThanOrEqual(maxBytes);
  }
  expect(compressor.bytes).toBeGreaterThan(maxBytes / 2);
  expect(compressor.compress(text, 'gzip', '"0-gzip"')).toBeInstanceOf(Promise);
});

it('reads any number of different fields, of any length, by what they say', () => {
  for (let index = 0; index < 5000; index += 1) expect(codingOf(`gzip, x${index}`)).toBe('gzip');
  expect(codingOf(`${'x, '.repeat(5000)}br`)).toBe('br');
});
