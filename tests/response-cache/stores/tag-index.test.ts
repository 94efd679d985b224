import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TagIndex } from '../../../src/response-cache/stores/memory/tag-index.ts';

describe('the index of tags', () => {
  it('has the entries of each tag, and no tag without entries, after any history', () => {
    const tags = fc.uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'));
    const steps = fc.array(
      fc.oneof(
        fc.record({ add: tags }),
        fc.record({ remove: fc.nat() }),
        fc.record({ take: fc.constantFrom('A', 'B', 'C', 'D', 'E') }),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (history) => {
        const index = new TagIndex<{ readonly tags: readonly string[] }>();
        let model: { readonly tags: readonly string[] }[] = [];
        for (const step of history) {
          if ('add' in step) {
            const entry = { tags: step.add };
            index.add(entry);
            model.push(entry);
          } else if ('remove' in step) {
            const entry = model[step.remove % model.length];
            if (entry === undefined) continue;
            index.remove(entry);
            model = model.filter((other) => other !== entry);
          } else {
            const taken = [...index.take(step.take)];
            expect(new Set(taken)).toEqual(new Set(model.filter((entry) => entry.tags.includes(step.take))));
            for (const entry of taken) index.remove(entry);
            model = model.filter((entry) => !taken.includes(entry));
          }
          const links = model.flatMap((entry) => entry.tags);
          expect([index.links, index.tags]).toEqual([links.length, new Set(links).size]);
        }
      }),
    );
  });
});
