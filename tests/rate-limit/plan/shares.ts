/** How many of the random samples have what makes them interesting. */
export class Shares {
  readonly #counts = new Map<string, { readonly hits: number; readonly all: number }>();

  count(facts: Readonly<Record<string, boolean>>): void {
    for (const [fact, isSo] of Object.entries(facts)) {
      const { hits, all } = this.#counts.get(fact) ?? { hits: 0, all: 0 };
      this.#counts.set(fact, { hits: hits + Number(isSo), all: all + 1 });
    }
  }

  /** The facts that too few samples share, with how many did, in percent. */
  belowPercent(least: Readonly<Record<string, number>>): Record<string, number> {
    const shares = Object.keys(least).map((fact) => {
      const { hits, all } = this.#counts.get(fact) ?? { hits: 0, all: 1 };
      return [fact, (100 * hits) / all] as const;
    });
    return Object.fromEntries(shares.filter(([fact, share]) => share < (least[fact] ?? 0)));
  }
}
