import { describe, expect, it } from 'vitest';
import { sendPlain } from '../support/client.ts';
import { growth } from '../support/count-work.ts';
import { startOn } from '../support/describe-engines.ts';
import { field, file, upload, uploadOf } from '../support/uploads.ts';

const typeDefs = `
  scalar Upload
  scalar JSON
  type Query { one: Int }
  type Mutation { read(file: Upload, any: JSON): String }
`;
const resolvers = { Mutation: { read: (_: unknown, { file }: { file: File | null }) => file?.name } };
const query = 'mutation ($file: Upload, $any: JSON) { read(file: $file, any: $any) }';
const whole = upload({
  operations: { query, variables: { file: null } },
  map: { 0: ['variables.file'] },
  files: { 0: 'some text' },
});

describe('on Yoga uploads', () => {
  const start = startOn('yoga');
  const open = (env: Record<string, string> = {}) =>
    start({ typeDefs, resolvers, env: { INVALID_REQUEST_LIMIT: 'off', ...env } });

  it('that are cut off anywhere are bad requests', async () => {
    const { url } = await open();
    const body = String(whole.body);
    const end = body.lastIndexOf('--x--');
    for (let length = 0; length < end + '--x-'.length; length += 1) {
      const { status, text } = await sendPlain(url, { ...whole, body: body.slice(0, length) });
      expect([length, status, text.includes('"BAD_REQUEST"')]).toEqual([length, 400, true]);
    }
    expect((await sendPlain(url, whole)).status).toBe(200);
  });

  it('with a byte that is another are answered, and never by a failure', async () => {
    const { url } = await open();
    const body = Buffer.from(String(whole.body));
    for (let index = 0; index < body.length; index += 3) {
      for (const byte of [0x0a, 0x22]) {
        const changed = Buffer.from(body);
        changed[index] = byte;
        const { status = 0 } = await sendPlain(url, { ...whole, body: changed });
        expect([index, byte, status < 500]).toEqual([index, byte, true]);
      }
    }
  });

  const sizes = [500, 1000, 2000, 4000];
  const operations = field('operations', JSON.stringify({ query }));
  const names = (count: number) => Array.from({ length: count }, (_, n) => `f${n}`);

  it.each([
    [
      'files',
      (n: number) => uploadOf([operations, field('map', '{}'), ...names(n).map((name) => file(name, ''))]),
    ],
    ['fields', (n: number) => uploadOf([operations, ...names(n).map((name) => field(name, ''))])],
    [
      'files in the map',
      (n: number) => upload({ operations: { query }, map: Object.fromEntries(names(n).map((f) => [f, []])) }),
    ],
    [
      'places of a file',
      (n: number) =>
        upload({ operations: { query }, map: { f: Array(n).fill('variables.file') }, files: { f: 'x' } }),
    ],
    [
      'steps in a path',
      (n: number) => upload({ operations: { query }, map: { f: ['a.'.repeat(n)] }, files: { f: 'x' } }),
    ],
    [
      'header fields of a part',
      (n: number) =>
        uploadOf([
          {
            head: names(n)
              .map((name) => `${name}: x`)
              .join('\r\n'),
            content: '',
          },
        ]),
    ],
    ['ends', (n: number) => uploadOf([operations], {}, '--x--\r\n'.repeat(n))],
    ['boundaries', (n: number) => uploadOf([operations], {}, '--x\r\n'.repeat(n))],
  ])('with many %s take work that grows no faster than they do', async (_title, make) => {
    const { url } = await open();
    const grown = await growth(sizes, (count) => sendPlain(url, make(count)));
    for (const ratio of grown) expect(ratio).toBeLessThan(2.3);
  });
});
