import { describe, expect, it } from 'vitest';
import type { RequestContext } from '../../../src/app/application.ts';
import { buildSchema } from '../../../src/directives/build-schema.ts';
import { operationDigest, schemaDigest } from '../../../src/response-cache/answer-key.ts';
import { hit, stored } from '../../support/cache-status.ts';
import { openPipeline } from '../../support/pipeline.ts';

describe('the key of an answer', () => {
  const digestFor = (sdl: string): string => operationDigest(schemaDigest(buildSchema(sdl, {})), '{ f }');

  it.each([
    'type Query { f: String }',
    'type Query { f: Int! }',
    'type Query { f(a: Int = 1): Int }',
    'type Query { f: Int @cacheControl(maxAge: 1) }',
    'type Query { f: Int @cacheControl(maxAge: 1, scope: PRIVATE) }',
  ])('is another one after a deployment that changed the schema to %s', (sdl) => {
    expect(digestFor(sdl)).not.toBe(digestFor('type Query { f: Int }'));
    expect(digestFor(sdl)).toBe(digestFor(sdl));
  });

  it('tells a variable that was left out from its default and from null', async () => {
    const { run } = openPipeline('type Query { f(a: Int = 1): String @cacheControl(maxAge: 60) }', {
      Query: { f: (_: unknown, { a }: { a: unknown }) => JSON.stringify(a) },
    });
    const source = 'query ($a: Int) { f(a: $a) }';
    const ask = async (variables: Record<string, unknown>) => (await run(source, { variables })).data?.['f'];
    for (let n = 0; n < 2; n += 1) {
      expect([await ask({}), await ask({ a: null }), await ask({ a: 0 }), await ask({ a: 1 })]).toEqual([
        '1',
        'null',
        '0',
        '1',
      ]);
    }
  });
});

describe('the time of an answer', () => {
  const sdl = `
    type Query {
      long: Int @cacheControl(maxAge: 60)
      short: Int @cacheControl(maxAge: 5)
      never: Int
      zero: Int @cacheControl(maxAge: 0)
    }
  `;
  const resolvers = { Query: { long: () => 1, short: () => null, never: () => 1, zero: () => 1 } };

  it('is not shortened by other operations of the document, nor by fragments that only these use', async () => {
    const { run } = openPipeline(sdl, resolvers);
    const source = 'query A { long } query B { ...F never } fragment F on Query { zero short }';
    await run(source, { operationName: 'A' });
    expect((await run(source, { operationName: 'A' })).cacheStatus).toBe(hit);
    expect((await run(source, { operationName: 'B' })).cacheStatus).toBeUndefined();
  });

  it('is 0 where one says 0: it is not for ever', async () => {
    const { run } = openPipeline(sdl, resolvers);
    for (let n = 0; n < 2; n += 1) expect((await run('{ zero long }')).cacheStatus).toBeUndefined();
  });

  it('is that of any other for null, which is an answer too', async () => {
    const { run } = openPipeline(sdl, resolvers);
    await run('{ short }');
    expect(await run('{ short }')).toMatchObject({
      data: { short: null },
      cacheStatus: 'sluice; hit; ttl=5',
    });
  });

  it.each([
    [0.5, 'sluice; hit; ttl=1'],
    [7.25, 'sluice; hit; ttl=8'],
    [1000, hit],
    [-1, 'sluice; fwd=miss; detail="not-wanted"'],
    [0, 'sluice; fwd=miss; detail="not-wanted"'],
  ])('can be shortened by a resolver to %d s, and never be made longer', async (maxAge, status) => {
    const { run } = openPipeline(sdl, {
      Query: {
        long(_: unknown, _args: unknown, { cache }: RequestContext) {
          cache.restrict({ maxAge });
          return 1;
        },
      },
    });
    await run('{ long }');
    expect((await run('{ long }')).cacheStatus).toBe(status);
  });

  it('counts from when the answer was made, not from when it was last given', async () => {
    const { run, clock } = openPipeline(sdl, resolvers);
    for (const status of [stored, hit, 'sluice; hit; ttl=30', stored]) {
      expect((await run('{ long }')).cacheStatus).toBe(status);
      if (status !== stored) clock.advance(30);
    }
  });
});
