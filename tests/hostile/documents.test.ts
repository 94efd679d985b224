import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { createDocuments } from '../../src/operation/documents.ts';
import { startApp } from '../support/app.ts';
import { countWork, growth } from '../support/count-work.ts';
import { anonymous } from '../support/pipeline.ts';
import { corpus, type Shape } from './corpus/index.ts';

const sizes = [8000, 16_000, 32_000, 64_000];
/** Twice as much may take twice as long; the rest is what is not counted the same each time. */
const mostGrowth = 2.6;
/** Entered blocks of code. */
const mostWork = 5_000_000;

const shapes = (corpus['documents'] ?? []).map((shape) => [shape.name, shape] as const);

/** What reads the texts of a shape in the shop, each a new one. */
async function readsTexts(shape: Shape): Promise<(bytes: number) => unknown> {
  const { schema } = await startApp();
  const bounds = loadConfig().operations.document;
  const documents = createDocuments({ schema, bounds, mayIntrospect: () => true });
  let salts = 0;
  return (bytes) => {
    const { query } = JSON.parse(shape.request(bytes, `s${salts++}`).body ?? '') as { query: string };
    return documents(query, anonymous);
  };
}

describe('a document that nobody has sent before', () => {
  it.each(shapes)('with %s takes no more than twice the work for twice of it', async (_, shape) => {
    const read = await readsTexts(shape);
    expect(Math.max(...(await growth(sizes, read)))).toBeLessThan(mostGrowth);
  });

  it.each(shapes)('with %s takes no more than so much, however large it is', async (_, shape) => {
    const read = await readsTexts(shape);
    const work = [];
    for (const bytes of [4000, 16_000, 32_000, 180_000, 500_000])
      work.push(await countWork(() => read(bytes)));
    expect(Math.max(...work)).toBeLessThan(mostWork);
  });
});
