import { describe, expect, it } from 'vitest';
import { chargesOfEntry } from '../../../src/rate-limit/plan/entry-charges.ts';
import type { Alternative, Choice, Selection } from '../../../src/rate-limit/plan/selection-plan.ts';
import { plannerFor } from './planned.ts';

const letters = plannerFor(
  `type Query { ${['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: Int @limited`).join(' ')} }`,
);

/** A selection that is called by a letter. */
function selection(letter: string): Selection {
  const [entry] = letters(`{ ${letter} }`).selections({}).entries;
  if (entry?.kind !== 'selection') throw new TypeError(`There is no ${letter}.`);
  return entry.selection;
}

function choice(...alternatives: Alternative[]): Choice {
  return { alternatives, selections: [] };
}

const [a, b, c, d, e] = [selection('a'), selection('b'), selection('c'), selection('d'), selection('e')];

/** What a choice takes, where each selection takes from these buckets. */
function charges(
  { alternatives }: Choice,
  costs: Readonly<Record<string, Readonly<Record<string, number>>>>,
) {
  const entry = { kind: 'choice', alternatives, selections: [], under: undefined } as const;
  const taken = chargesOfEntry(entry, ({ place }) =>
    Object.entries(costs[place] ?? {}).map(([bucket, cost]) => ({ bucket, cost })),
  );
  return Object.fromEntries(taken.map(({ bucket, cost }) => [bucket, cost]));
}

describe('what a choice takes from a bucket', () => {
  it('is what its costliest alternative takes, all together', () => {
    expect(charges(choice([a, b], [c]), { a: { s: 1 }, b: { s: 2 }, c: { s: 2 } })).toEqual({ s: 3 });
    expect(charges(choice([a, b], [c]), { a: { s: 1 }, b: { s: 2 }, c: { s: 4 } })).toEqual({ s: 4 });
  });

  it('is judged for each bucket apart', () => {
    expect(charges(choice([a], [b]), { a: { s: 1, t: 5 }, b: { s: 2, u: 3 } })).toEqual({ s: 2, t: 5, u: 3 });
  });

  it('counts the costliest alternative of a choice in it', () => {
    const nested = choice([a, choice([b], [c])], [d, e]);
    expect(charges(nested, { a: { s: 1 }, b: { s: 5 }, c: { s: 7 }, d: { s: 3 }, e: { s: 4 } })).toEqual({
      s: 8,
    });
  });

  it('is found quickly where many alternatives share what is below', () => {
    let nested = choice([a], [b]);
    for (let level = 0; level < 100; level += 1) nested = choice([a, nested], [b, nested]);
    expect(charges(nested, { a: { s: 1 }, b: { s: 2 } })).toEqual({ s: 202 });
  });
});

describe('what a selection takes', () => {
  it('is as it was told', () => {
    const entry = { kind: 'selection', selection: a, under: undefined } as const;
    expect(chargesOfEntry(entry, ({ place }) => [{ bucket: place, cost: 3 }])).toEqual([
      { bucket: 'a', cost: 3 },
    ]);
  });
});
