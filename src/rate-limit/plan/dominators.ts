/**
 * For each node of a graph the last one that every way to it from node 0 passes, by its index; for node 0 itself.
 * Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
 * @param predecessors of each node; all but node 0 have one at least with a smaller index, from which ways lead to it
 */
export function immediateDominators(predecessors: readonly Iterable<number>[]): readonly number[] {
  const found: number[] = [0];
  let isStable = false;
  while (!isStable) {
    isStable = true;
    for (let node = 1; node < predecessors.length; node += 1) {
      const reached = [...(predecessors[node] ?? [])].filter((each) => found[each] !== undefined);
      const dominator = reached.reduce((a, b) => meet(found, a, b), reached[0] ?? 0);
      if (found[node] === dominator) continue;
      found[node] = dominator;
      isStable = false;
    }
  }
  return found;
}

/** The last node that the ways to both have in common. */
function meet(dominators: readonly number[], a: number, b: number): number {
  let [low, high] = [a, b];
  while (low !== high) {
    if (low > high) [low, high] = [high, low];
    // A dominator has a smaller index than what it dominates.
    high = dominators[high] ?? 0;
  }
  return low;
}
