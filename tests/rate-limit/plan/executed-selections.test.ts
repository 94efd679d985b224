import {
  type FieldNode,
  type FragmentSpreadNode,
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  type InlineFragmentNode,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { selectionsOf } from '../../../src/rate-limit/plan/selection-plan.ts';
import { forRandomCases } from './for-random-cases.ts';
import { hashed } from './random.ts';
import type { RandomCase } from './random-case.ts';
import { identityOf } from './spy.ts';

function plannedBy({ plan, tell }: RandomCase): string[] {
  return [...new Set(plan.entries.flatMap(selectionsOf).map(tell))].toSorted();
}

/** Whether `@skip` or `@include` leaves anything out of the document. */
function isSomethingLeftOut({ document, coerced }: RandomCase): boolean {
  let found = false;
  const enter = (node: FieldNode | FragmentSpreadNode | InlineFragmentNode): void => {
    const skip = getDirectiveValues(GraphQLSkipDirective, node, coerced);
    const include = getDirectiveValues(GraphQLIncludeDirective, node, coerced);
    if (skip?.['if'] === true || include?.['if'] === false) found = true;
  };
  visit(document, { Field: enter, InlineFragment: enter, FragmentSpread: enter });
  return found;
}

function isFragmentRepeated({ source }: RandomCase): boolean {
  const spreads = source.match(/\.\.\.F\d/g) ?? [];
  return new Set(spreads).size < spreads.length;
}

describe('the selections of a plan', () => {
  it('are what is executed where lists hold objects of every type, with the same arguments', () => {
    const shares = forRandomCases(200, (each) => {
      const { asked, merged, result } = each.spy('listed').run(each.document, each);
      expect(result.errors).toBeUndefined();
      expect(plannedBy(each)).toEqual([...asked].toSorted());
      const identities = each.plan.entries.flatMap((entry) => [
        ...new Set(selectionsOf(entry).map(identityOf)),
      ]);
      expect(new Set(identities).size).toBe(identities.length);
      return {
        'three selections': asked.size > 2,
        'merged duplicates': merged,
        'something left out': isSomethingLeftOut(each),
        'a fragment spread twice': isFragmentRepeated(each),
        'two operations': each.source.includes('query Two'),
        'an abstract type': /on [NMU]\b/.test(each.source),
        'one field with several arguments in one place': asked.size > identities.length,
      };
    });
    const least = {
      valid: 35,
      'three selections': 60,
      'merged duplicates': 50,
      'something left out': 50,
      'a fragment spread twice': 50,
      'two operations': 25,
      'an abstract type': 50,
      'one field with several arguments in one place': 0.5,
    };
    expect(shares.belowPercent(least)).toEqual({});
  });

  it('hold whatever is executed, whichever types objects turn out to be', () => {
    forRandomCases(100, (each) => {
      for (const salt of ['1', '2', '3']) {
        const { asked, result } = each.spy('original').run(each.document, {
          ...each,
          choose: (place, types) => types[hashed(salt + place) % types.length],
        });
        const planned = new Set(plannedBy(each));
        expect([...asked].filter((selection) => !planned.has(selection))).toEqual([]);
        expect(each.plan.roots.map(({ key }) => key)).toEqual(Object.keys(result.data ?? {}));
      }
      return undefined;
    });
  });

  it('null the whole of the data when they are denied, where they are fatal', () => {
    const shares = forRandomCases(150, (each) => {
      const fatal = each.plan.entries.flatMap(selectionsOf).filter(({ isFatal }) => isFatal);
      for (const selection of fatal) {
        const fails = (identity: string): boolean => identity === identityOf(selection);
        expect(each.spy('original').run(each.document, { ...each, fails }).result.data).toBeNull();
      }
      return {
        fatal: fatal.length > 0,
        'fatal below the root': fatal.some(({ place }) => place.includes('.')),
      };
    });
    expect(shares.belowPercent({ fatal: 20, 'fatal below the root': 1 })).toEqual({});
  });
});
