/**
 * The order in which things are asked for so that each has its share and is spread evenly: of `[90, 9, 1]` the indexes
 * 0 to 2, a hundred in all.
 */
export function orderOf(shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const taken = shares.map(() => 0);
  return Array.from({ length: total }, (_, place) => {
    const behind = shares.map((share, index) => (share * (place + 1)) / total - (taken[index] ?? 0));
    const next = behind.indexOf(Math.max(...behind));
    taken[next] = (taken[next] ?? 0) + 1;
    return next;
  });
}
