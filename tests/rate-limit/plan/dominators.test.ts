import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { immediateDominators } from '../../../src/rate-limit/plan/dominators.ts';

/** Graphs of which every node but the first has a predecessor before it, and maybe others anywhere. */
const graphs = fc
  .array(fc.tuple(fc.nat(), fc.array(fc.nat(), { maxLength: 2 })), { maxLength: 12 })
  .map((nodes) => [
    new Set<number>(),
    ...nodes.map(
      ([first, others], index) =>
        new Set([first % (index + 1), ...others.map((other) => other % (nodes.length + 1))]),
    ),
  ]);

function reachable(predecessors: readonly ReadonlySet<number>[], without: number): Set<number> {
  const found = new Set(without === 0 ? [] : [0]);
  for (const from of found) {
    predecessors.forEach((before, node) => {
      if (node !== without && before.has(from)) found.add(node);
    });
  }
  return found;
}

describe('the dominators of a graph', () => {
  it('are the nodes without which the others cannot be reached', () => {
    fc.assert(
      fc.property(graphs, (predecessors) => {
        const dominators = immediateDominators(predecessors);
        const above = (node: number): number[] =>
          node === 0 ? [] : [dominators[node] ?? 0, ...above(dominators[node] ?? 0)];
        predecessors.forEach((_, node) => {
          const needed = predecessors.flatMap((_, other) =>
            other !== node && !reachable(predecessors, other).has(node) ? [other] : [],
          );
          expect(above(node).toSorted((a, b) => a - b)).toEqual(needed);
        });
      }),
      { numRuns: 300 },
    );
  });
});
