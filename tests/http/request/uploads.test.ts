import { describe, expect, it } from 'vitest';
import { type Body, codes, type PlainRequest, sendPlain } from '../../support/client.ts';
import { startOn } from '../../support/describe-engines.ts';
import { field, file, upload, uploadOf } from '../../support/uploads.ts';

const typeDefs = `
  scalar Upload
  input Letter { title: String files: [Upload!]! }
  type Query { one: Int }
  type Mutation { read(file: Upload): String send(letter: Letter!): String }
`;

interface Letter {
  readonly title: string;
  readonly files: readonly File[];
}

const resolvers = {
  Mutation: {
    read: async (_: unknown, { file: given }: { file: File | null }) =>
      given === null ? null : `${given.name} (${given.type}): ${await given.text()}`,
    send: async (_: unknown, { letter: { title, files } }: { letter: Letter }) =>
      `${title}: ${(await Promise.all(files.map((each) => each.text()))).join(', ')}`,
  },
};

const read = 'mutation ($file: Upload) { read(file: $file) }';
const reading = { query: read, variables: { file: null } };
const sending = {
  query: 'mutation ($letter: Letter!) { send(letter: $letter) }',
  variables: { letter: { title: 'Hi', files: [null, null] } },
};
const operations = field('operations', JSON.stringify(reading));
const map = field('map', '{"0":["variables.file"]}');
const many = (count: number) => Array.from({ length: count }, (_, n) => file(`f${n}`, 'x'));

const malformed: readonly (readonly [
  title: string,
  request: PlainRequest,
  status: number,
  message: RegExp,
])[] = [
  ['no parts', uploadOf([]), 400, /part "operations" is missing/],
  ['nothing in it', { ...uploadOf([]), body: '' }, 400, /cannot be read/],
  ['no end', uploadOf([operations, map], {}, ''), 400, /cannot be read: Unexpected end/],
  [
    'a part that does not end',
    uploadOf([operations, map], {}, '--x\r\nContent-Disposition: form-'),
    400,
    /cannot/,
  ],
  [
    'no boundary',
    uploadOf([operations], { 'content-type': 'multipart/form-data' }),
    400,
    /Boundary not found/,
  ],
  [
    'another boundary',
    uploadOf([operations], { 'content-type': 'multipart/form-data; boundary=y' }),
    400,
    /cannot/,
  ],
  ['no operations', uploadOf([map]), 400, /part "operations" is missing/],
  [
    'operations as a file',
    uploadOf([file('operations', '{}'), map]),
    400,
    /"operations" is missing, or is a file/,
  ],
  [
    'operations that are no JSON',
    uploadOf([field('operations', '{'), map]),
    400,
    /"operations" is not valid JSON/,
  ],
  ['operations that are null', uploadOf([field('operations', 'null'), field('map', '{}')]), 400, /not null/],
  ['no map', uploadOf([operations]), 400, /part "map" is missing/],
  ['a map that is no JSON', uploadOf([operations, field('map', '{')]), 400, /"map" is not valid JSON/],
  ['a map that is a list', uploadOf([operations, field('map', '[]')]), 400, /"map" must be a JSON object/],
  [
    'a map with no lists',
    uploadOf([operations, field('map', '{"0":1}'), file('0', 'x')]),
    400,
    /list of strings/,
  ],
  ['a file that is not there', uploadOf([operations, map]), 400, /names the file "0", which is not there/],
  [
    'a path to nowhere',
    upload({ operations: reading, map: { 0: ['variables.a.b.c'] }, files: { 0: 'x' } }),
    400,
    /file at "variables.a.b.c", where "operations" has no null/,
  ],
  [
    'a path to what is there already',
    upload({ operations: reading, map: { 0: ['query'] }, files: { 0: 'x' } }),
    400,
    /no null/,
  ],
  [
    'a path into what all objects have',
    upload({ operations: reading, map: { 0: ['__proto__.polluted'] }, files: { 0: 'x' } }),
    400,
    /no null/,
  ],
  ['an operation without a query', upload({ operations: { variables: {} } }), 400, /"query" is missing/],
  ['an empty batch', upload({ operations: [] }), 400, /batch is empty/],
  ['eleven files', uploadOf([operations, map, ...many(11)]), 413, /more than 10 files.*UPLOAD_FILES/],
  [
    'one file in eleven places',
    upload({
      operations: { query: read, variables: { file: null, a: Array(11).fill(null) } },
      map: { 0: Array.from({ length: 11 }, (_, n) => `variables.a.${n}`) },
      files: { 0: 'x' },
    }),
    413,
    /each counted in every place/,
  ],
  [
    'a hundred fields',
    uploadOf([operations, map, ...Array.from({ length: 100 }, (_, n) => field(`f${n}`, ''))]),
    400,
    /more than 10 parts that are no files/,
  ],
  [
    'a body of 1 MB',
    upload({ operations: reading, files: { 0: 'x'.repeat(1_000_000) } }),
    413,
    /524288 bytes/,
  ],
  [
    'a body of 1 MB in chunks',
    {
      ...upload(
        { operations: reading, files: { 0: 'x'.repeat(1_000_000) } },
        { 'transfer-encoding': 'chunked' },
      ),
    },
    413,
    /524288 bytes/,
  ],
  [
    'a Content-Encoding',
    upload({ operations: reading }, { 'content-encoding': 'gzip' }),
    415,
    /send no Content-Encoding/,
  ],
];

describe('on Yoga an upload', () => {
  const start = startOn('yoga');
  const open = () => start({ typeDefs, resolvers, env: { INVALID_REQUEST_LIMIT: 'off' } });
  const send = async (url: string, request: PlainRequest) => {
    const { status, text } = await sendPlain(url, request);
    return { status, body: JSON.parse(text) as Body };
  };

  it('brings its file to the resolver', async () => {
    const { url } = await open();
    const request = upload({ operations: reading, map: { 0: ['variables.file'] }, files: { 0: 'Grüße' } });
    expect(await send(url, request)).toEqual({
      status: 200,
      body: { data: { read: 'a.txt (text/plain): Grüße' } },
    });
  });

  it('brings several, in lists and in several places', async () => {
    const { url } = await open();
    const places = { a: ['variables.letter.files.1'], b: ['variables.letter.files.0'] };
    const request = upload({ operations: sending, map: places, files: { a: '1', b: '0' } });
    expect((await send(url, request)).body).toEqual({ data: { send: 'Hi: 0, 1' } });
    const once = { a: ['variables.letter.files.0', 'variables.letter.files.1'] };
    const twice = upload({ operations: sending, map: once, files: { a: '1' } });
    expect((await send(url, twice)).body).toEqual({ data: { send: 'Hi: 1, 1' } });
  });

  it('may be a batch', async () => {
    const { url } = await open();
    const places = { a: ['0.variables.file'], b: ['1.variables.file'] };
    const { body } = await send(
      url,
      upload({ operations: [reading, reading], map: places, files: { a: '1', b: '2' } }),
    );
    expect(body).toEqual([
      { data: { read: 'a.txt (text/plain): 1' } },
      { data: { read: 'a.txt (text/plain): 2' } },
    ]);
  });

  it('may leave files out, and have some that nobody asks for', async () => {
    const { url } = await open();
    const { body } = await send(url, upload({ operations: reading, files: { 0: 'x' } }));
    expect(body).toEqual({ data: { read: null } });
  });

  it('may be answered as an event', async () => {
    const { url } = await open();
    const request = upload(
      { operations: reading, map: { 0: ['variables.file'] }, files: { 0: 'x' } },
      { accept: 'text/event-stream' },
    );
    const { headers, text } = await sendPlain(url, request);
    expect(headers['content-type']).toContain('text/event-stream');
    expect(text).toContain('data: {"data":{"read":"a.txt (text/plain): x"}}');
  });

  it.each(malformed)('with %s is told what is wrong with it', async (_title, request, status, message) => {
    const { url } = await open();
    const reply = await send(url, request);
    expect([reply.status, codes(reply.body)]).toEqual([
      status,
      [{ 400: 'BAD_REQUEST', 413: 'PAYLOAD_TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE' }[status]],
    ]);
    expect(reply.body.errors?.[0]?.message).toMatch(message);
    expect('polluted' in {}).toBe(false);
  });
});
