/** Chooses one of the values in a place. */
export type Choose = <T>(place: string, values: readonly T[]) => T | undefined;

/**
 * Runs something once for every way to choose in it.
 * @returns undefined if there are more ways than `most`
 */
export function everyChoice<T>(most: number, run: (choose: Choose) => T): T[] | undefined {
  const results: T[] = [];
  /** What was chosen, and among how many, in the order of the choices. */
  let path: { index: number; count: number }[] = [];
  do {
    if (results.length === most) return undefined;
    let at = 0;
    results.push(
      run((_place, values) => {
        const choice = path[at] ?? { index: 0, count: values.length };
        path[at] = choice;
        at += 1;
        return values[choice.index];
      }),
    );
    path = nextPath(path);
  } while (path.length > 0);
  return results;
}

/** The next way to choose: the last choice that has values left takes the next of them, and those after it start anew. */
function nextPath(path: readonly { index: number; count: number }[]): { index: number; count: number }[] {
  const last = path.findLastIndex(({ index, count }) => index + 1 < count);
  return path
    .slice(0, last + 1)
    .map((choice, at) => (at === last ? { ...choice, index: choice.index + 1 } : choice));
}
