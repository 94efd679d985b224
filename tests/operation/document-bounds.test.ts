import { getIntrospectionQuery, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { type DocumentBounds, tooLargeError } from '../../src/operation/document-bounds.ts';

const bounds = loadConfig().operations.document;
const none: DocumentBounds = { tokens: Infinity, fields: Infinity, aliases: Infinity, depth: Infinity };

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
    ['in one selection set', '{ a a a a a a a }', 2, undefined],
    ['in one selection set', '{ a a a a a a a }', 1, 'more than 10 pairs'],
    ['in several ones of a place', `{ ${'a { b } '.repeat(4)} }`, 1, 'more than 10 pairs'],
    ['in fragments', `{ ${'a { ...F } '.repeat(4)} } fragment F on T { b }`, 1, 'more than 10 pairs'],
    ['in a fragment that is spread again', `{ ${'...F '.repeat(9)} } fragment F on T { b }`, 1, undefined],
    [
      'in fragments that spread themselves',
      '{ ...F } fragment F on T { a { ...F } a { ...F } }',
      5,
      undefined,
    ],
  ])('has few fields with one name %s', (_, source, fields, problem) => {
    const told = messageOf(source, { fields: Infinity, depth: 20 });
    expect(told).toBeUndefined();
    const pairs = tooLargeError(parse(source), { ...none, depth: 20, fields });
    if (problem === undefined) expect(pairs?.message ?? '').not.toContain('pairs');
  });

  it.each([
    ['the introspection query', getIntrospectionQuery()],
    ['1,600 fields', `{ ${many(400, (n) => `f${n}: user(id: ${n}) { id name }`)} }`],
    ['450 aliases', `{ ${many(450, (n) => `f${n}: user(id: ${n}) { name }`)} }`],
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
});
