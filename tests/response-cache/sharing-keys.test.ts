import { parse } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/caller/caller.ts';
import { createFindOperation } from '../../src/operation/find-operation.ts';
import { AnswerCache, cacheRequestOf, createMemoryStore } from '../../src/response-cache/index.ts';
import { declare } from '../support/declared.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { anonymous } from '../support/pipeline.ts';

const typeDefs = `
  type Query {
    list(first: Int, in: In): [Int] @cacheControl(maxAge: 60)
    mine: Int @cacheControl(maxAge: 60, scope: PRIVATE)
  }
  input In { a: Int b: Int }
`;

interface Asked {
  readonly source: string;
  readonly variables?: Record<string, unknown>;
  readonly name?: string;
  readonly caller?: Caller;
}

describe('the answers that are kept', () => {
  let cache: AnswerCache;
  let store: ReturnType<typeof createMemoryStore>;

  beforeEach(() => {
    const clock = new FakeClock();
    store = createMemoryStore({ clock, maxBytes: 1 << 20 });
    cache = new AnswerCache(store, clock);
  });

  /** Has an operation answered, and tells whether the answer was there. */
  async function ask(
    { source, variables = {}, name, caller = anonymous }: Asked,
    sdl = typeDefs,
  ): Promise<boolean> {
    const operation = createFindOperation(declare(sdl))(parse(source), name);
    const by = { caller, requestCacheControl: undefined };
    const request = operation && cacheRequestOf(operation, variables, by);
    if (request === undefined) return false;
    const lookUp = cache.lookUp(request);
    const isThere = cache.isGood(await lookUp.answer);
    const entry = await cache.enter(request, lookUp);
    const made = { result: { data: {} }, tags: [], restriction: {}, isFailure: false };
    if (entry.kind === 'make') await cache.land(entry.flight, made);
    expect(entry.kind).toBe(isThere ? 'given' : 'make');
    return isThere;
  }

  const page = 'query Page($first: Int, $in: In) { list(first: $first, in: $in) }';

  it('do not become more by white space, comments, or variables that are not declared', async () => {
    const variables = { first: 1, in: { a: 1, b: 2 } };
    await ask({ source: page, variables });
    const others = [
      { source: page.replaceAll(' ', '\n\t'), variables },
      { source: `# a comment\n${page.replaceAll(' ', ' ,,, ')} # another`, variables },
      { source: `${page} query Other { mine }`, name: 'Page', variables },
      { source: page, variables: { ...variables, nonce: 1 } },
      { source: page, variables: { nonce: { deep: [1] }, ...variables, __proto__: 1 } },
      { source: page, variables: { in: { b: 2, a: 1 }, first: 1 } },
      { source: page, name: 'Page', variables },
    ];
    for (const other of others) expect(await ask(other)).toBe(true);
    expect(store.entries).toBe(1);
  });

  it.each<[string, Asked]>([
    ['another value', { source: page, variables: { first: 2 } }],
    ['no value', { source: page }],
    ['the value null', { source: page, variables: { first: null } }],
    ['the value of another variable', { source: page, variables: { in: { a: 1 } } }],
    ['another alias', { source: page.replace('list(', 'l: list('), variables: { first: 1 } }],
    ['another name', { source: page.replace('Page', 'Else'), variables: { first: 1 } }],
    ['a value of its own', { source: '{ list(first: 1) }' }],
  ])('are others for an operation with %s', async (_title, asked) => {
    await ask({ source: page, variables: { first: 1 } });
    expect(await ask(asked)).toBe(false);
    expect(store.entries).toBe(2);
  });

  it('are others for the other operations of a document', async () => {
    const source = 'query A { list(first: 1) } query B { list(first: 2) }';
    await ask({ source, name: 'A' });
    expect(await ask({ source, name: 'B' })).toBe(false);
    expect(await ask({ source, name: 'A' })).toBe(true);
  });

  it.each([
    ['type', typeDefs.replace('[Int]', '[ID]')],
    ['directive', typeDefs.replace('maxAge: 60)', 'maxAge: 61)')],
    ['scope', typeDefs.replace('maxAge: 60, scope: PRIVATE', 'maxAge: 60, scope: PUBLIC')],
  ])('are others under a schema with another %s', async (_title, sdl) => {
    await ask({ source: page });
    expect(await ask({ source: page }, sdl)).toBe(false);
    expect(await ask({ source: page })).toBe(true);
  });

  it('are others for each caller where they are PRIVATE, and none for nobody', async () => {
    const callers = [
      { ...anonymous, userId: '1' },
      { ...anonymous, userId: '2' },
      { ...anonymous, apiKeyId: '1' },
      { ...anonymous, userId: '1', apiKeyId: '1' },
      anonymous,
      { ...anonymous, userId: '', apiKeyId: '' },
    ];
    for (const caller of callers) expect(await ask({ source: '{ mine }', caller })).toBe(false);
    expect(store.entries).toBe(4);
  });
});
