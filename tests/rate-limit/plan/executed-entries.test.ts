import { describe, expect, it } from 'vitest';
import { chargesOfEntry } from '../../../src/rate-limit/plan/entry-charges.ts';
import type { PlanEntry, SelectionPlan } from '../../../src/rate-limit/plan/selection-plan.ts';
import { selectionsOf } from '../../../src/rate-limit/plan/selection-plan.ts';
import { everyChoice } from './every-choice.ts';
import { forRandomCases } from './for-random-cases.ts';
import { hashed } from './random.ts';
import { identityOf } from './spy.ts';

/** The entries that a denial of one takes with it. */
function entriesUnder({ entries }: SelectionPlan, index: number): number[] {
  const isUnder = (entry: number | undefined): boolean =>
    entry !== undefined && (entries[entry]?.under === index || isUnder(entries[entry]?.under));
  return entries.map((_, entry) => entry).filter(isUnder);
}

describe('the entries of a plan', () => {
  it('take from each bucket together what the costliest choice of types does', () => {
    const shares = forRandomCases(100, (each) => {
      const { plan, tell, schema } = each;
      const bucketsOf = (selection: string): readonly string[] =>
        schema.limited.get(selection.split(' ')[1] ?? '') ?? [];
      const chargesOf = (selection: string): { bucket: string; cost: number }[] =>
        bucketsOf(selection).map((bucket) => ({ bucket, cost: 1 + (hashed(bucket + selection) % 9) }));
      const outcomes = everyChoice(
        200,
        (choose) => each.spy('single').run(each.document, { ...each, choose }).asked,
      );
      if (outcomes === undefined) return { enumerable: false };

      const sum = (charges: readonly { bucket: string; cost: number }[], of: string): number =>
        charges.filter(({ bucket }) => bucket === of).reduce((total, { cost }) => total + cost, 0);
      const taken = plan.entries.flatMap((entry) =>
        chargesOfEntry(entry, (selection) => chargesOf(tell(selection))),
      );
      const buckets = [...new Set([...schema.limited.values()].flat())];
      const costliest = buckets.map((bucket) =>
        Math.max(...outcomes.map((asked) => sum([...asked].flatMap(chargesOf), bucket))),
      );
      expect(buckets.map((bucket) => sum(taken, bucket))).toEqual(costliest);
      const choices = plan.entries.filter((entry) => entry.kind === 'choice');
      // What objects of one type ask for together needs no choice.
      const needless = choices
        .filter(({ alternatives, selections }) => alternatives.flat().length === selections.length)
        .map(({ selections }) => selections.map(tell))
        .filter((told) => new Set(told).size === told.length)
        .filter((told) => outcomes.some((asked) => told.every((selection) => asked.has(selection))));
      expect(needless).toEqual([]);
      return {
        enumerable: true,
        'a choice': choices.length > 0,
        'a choice in a choice': choices.some(({ alternatives }) =>
          alternatives.flat().some((part) => 'alternatives' in part),
        ),
      };
    });
    expect(shares.belowPercent({ enumerable: 40, 'a choice': 20, 'a choice in a choice': 3 })).toEqual({});
  });

  it('are under entries whose denial leaves nothing of them to execute, and without choices under all of these', () => {
    const shares = forRandomCases(100, (each) => {
      const spy = each.spy('listed');
      const { entries } = each.plan;
      const hasChoices = entries.some(({ kind }) => kind === 'choice');
      entries.slice(0, 10).forEach((entry, index) => {
        const denied = new Set(selectionsOf(entry).map(identityOf));
        const { asked } = spy.run(each.document, { ...each, fails: (identity) => denied.has(identity) });
        const isGone = (other: PlanEntry): boolean =>
          other !== entry && selectionsOf(other).every((selection) => !asked.has(each.tell(selection)));
        const gone = entries.flatMap((other, at) => (isGone(other) ? [at] : []));
        const under = entriesUnder(each.plan, index);
        expect(hasChoices ? under.filter((at) => !gone.includes(at)) : gone).toEqual(hasChoices ? [] : under);
      });
      for (const [index, { under }] of entries.entries()) expect(under ?? -1).toBeLessThan(index);
      return {
        'under another, without choices': !hasChoices && entries.some(({ under }) => under !== undefined),
        'a choice under another': entries.some(({ kind, under }) => kind === 'choice' && under !== undefined),
        'something under a choice': entries.some(
          ({ under }) => under !== undefined && entries[under]?.kind === 'choice',
        ),
      };
    });
    const least = {
      'under another, without choices': 1,
      'a choice under another': 10,
      'something under a choice': 3,
    };
    expect(shares.belowPercent(least)).toEqual({});
  });
});
