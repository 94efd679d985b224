import { getIntrospectionQuery, type IntrospectionOptions, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { type DocumentBounds, tooLargeError } from '../../src/operation/document-bounds.ts';
import { sizeOf } from '../../src/operation/document-size.ts';

const bounds = loadConfig().operations.document;
const none: DocumentBounds = { tokens: Infinity, fields: Infinity, aliases: Infinity, depth: Infinity };

/** As if only what is compared counted. */
const small = { fields: 0, aliases: 0, depth: 0, isCyclic: false };

function many(count: number, write: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => write(index)).join(' ');
}

function messageOf(source: string, changed: Partial<DocumentBounds> = {}): string | undefined {
  return tooLargeError(parse(source), { ...none, ...changed })?.message;
}

describe('a document that is too large', () => {
  it('is told how large it is and may be, which variable changes that, and what to do', () => {
    expect(tooLargeError(parse('{ a b c }'), { ...none, fields: 2 })).toMatchObject({
      message:
        'The document has 3 fields, those of a fragment counted wherever it is spread, and may have 2 ' +
        '(DOCUMENT_FIELDS). Ask for less, or in several requests.',
      extensions: { code: 'DOCUMENT_TOO_LARGE', bound: 'DOCUMENT_FIELDS', limit: 2, found: 3 },
    });
    expect(messageOf('{ a: b c: d }', { aliases: 1 })).toContain('has 2 aliases');
    expect(messageOf('{ a { b } }', { fields: 2, depth: 2 })).toBeUndefined();
  });

  it.each([
    ['selection sets', '{ a { b { c } } }'],
    ['fragments', '{ ...F } fragment F on T { a { b } }'],
    ['lists', '{ a(b: [1]) }'],
    ['objects', '{ a(b: { c: 1 }) }'],
    ['types', 'query ($a: [[Int]]) { a }'],
  ])('may nest %s no deeper than other things', (_, source) => {
    expect(messageOf(source, { depth: 2 })).toContain('has 3 levels inside each other');
    expect(messageOf(source, { depth: 3 })).toBeUndefined();
  });

  it('is found to be, at once, where fragments multiply without end', () => {
    const bomb = `{ ...F0 } ${many(2000, (n) => `fragment F${n} on T { a { ...F${n + 1} } b { ...F${n + 1} } }`)} fragment F2000 on T { c }`;
    expect(messageOf(bomb, { fields: 1000 })).toContain(`has ${Number.MAX_SAFE_INTEGER} fields`);
  });

  it('is found to be where fragments spread each other ten thousand deep', () => {
    const chain = `{ ...F0 } ${many(10_000, (n) => `fragment F${n} on T { ...F${n + 1} }`)} fragment F10000 on T { a }`;
    expect(messageOf(chain, { depth: 200 })).toContain('has 10002 levels');
  });

  it.each([
    ['one name in one selection set', '{ a a a a a a a }', 3],
    ['one name in several selection sets of a place', `{ ${'a { b } '.repeat(4)} }`, 2],
    ['one name in fragments', `{ ${'a { ...F b } '.repeat(4)} } fragment F on T { b }`, 2],
    [
      'fragments in a place',
      `{ ${many(5, (n) => `...F${n}`)} } ${many(5, (n) => `fragment F${n} on T { a${n} }`)}`,
      1,
    ],
    ['operations', many(4, (n) => `query Q${n} { a }`), 2],
    [
      'operations and fragments',
      'query A { ...F } query B { ...F } query C { ...F } fragment F on T { a }',
      2,
    ],
    [
      'selections',
      `{ a } ${many(5, (n) => `fragment F${n} on T { a { ...F${n + 1} } b { ...F${n + 1} } }`)}`,
      6,
    ],
  ])('may have only so many pairs of %s', (_, source, fewestFields) => {
    const lax = { tokens: Infinity, aliases: Infinity, depth: 20 };
    const document = parse(source);
    expect(tooLargeError(document, { ...lax, fields: fewestFields }, small)).toBeUndefined();
    expect(tooLargeError(document, { ...lax, fields: fewestFields - 1 }, small)).toMatchObject({
      message: expect.stringMatching(/^The document has more than \d+ (pairs|selections)/) as string,
      extensions: { code: 'DOCUMENT_TOO_LARGE', bound: 'DOCUMENT_FIELDS' },
    });
  });

  it('has one fragment in a place only once, however often it is spread', () => {
    const source = `{ ${'...F '.repeat(99)} } fragment F on T { b }`;
    expect(tooLargeError(parse(source), { ...none, fields: 3, depth: 20 }, small)).toBeUndefined();
  });

  it.each([
    ['1,600 fields', `{ ${many(200, (n) => `f${n}: user(id: ${n}) { ${many(7, (m) => `a${m}`)} }`)} }`],
    ['225 aliases', `{ ${many(225, (n) => `f${n}: user(id: ${n}) { name }`)} }`],
    [
      'a fragment spread 90 times',
      `{ ${many(90, (n) => `f${n}: user(id: ${n}) { ...F }`)} } fragment F on User { ${many(20, (n) => `a${n}`)} }`,
    ],
    ['100 levels', `{ ${'a { '.repeat(99)} b ${'} '.repeat(99)} }`],
    [
      'forty fragments of components that ask for the same',
      `{ user(id: 1) { ${many(40, (n) => `...F${n}`)} } } ${many(40, (n) => `fragment F${n} on User { id name email friends { id name } }`)}`,
    ],
  ])('is not what people ask for: %s', (_, source) => {
    expect(tooLargeError(parse(source, { maxTokens: bounds.tokens }), bounds)).toBeUndefined();
  });

  const options = [
    'descriptions',
    'specifiedByUrl',
    'directiveIsRepeatable',
    'schemaDescription',
    'inputValueDeprecation',
    'oneOf',
  ] as const;
  const all = Object.fromEntries(options.map((name) => [name, true]));

  it.each<[title: string, asked: IntrospectionOptions]>([
    ['alone', {}],
    ['with all options', all],
    ...options.map((name): [string, IntrospectionOptions] => [`with ${name}`, { [name]: true }]),
  ])('is not what asks for the schema: the introspection query %s', (_, asked) => {
    expect(
      tooLargeError(parse(getIntrospectionQuery(asked), { maxTokens: bounds.tokens }), bounds),
    ).toBeUndefined();
  });

  it('is not what Relay makes of a page three times as large as those that people have', () => {
    // Fragments of components, three inside each other, which ask for much of the same in one place.
    const component = (n: number) =>
      `fragment C${n} on Item { __typename id ${n % 3 < 2 ? `...C${n + 1}` : ''}
        ${many(22, (m) => `f${(n + m) % 44}`)} image${n}: image(size: ${n}) { url } owner { id ...P } }`;
    const sections = `${many(10, (n) => `...C${n * 3}`)} ${many(12, (n) => `s${n}: section(n: ${n}) { id ...C${30 + n * 3} }`)}`;
    const source = `query ($id: ID!) { item(id: $id) { ${many(40, () => 'parent { id')} ${sections} ${'}'.repeat(40)} } }
      ${many(66, component)} fragment P on Person { id name }`;
    const document = parse(source, { maxTokens: bounds.tokens });
    expect(sizeOf(document).fields).toBeGreaterThan(2000);
    expect(tooLargeError(document, bounds)).toBeUndefined();
  });
});
