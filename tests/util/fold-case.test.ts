import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foldCase } from '../../src/util/fold-case.ts';

it('folds what is folded into itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(foldCase(foldCase(text))).toBe(foldCase(text));
    }),
  );
});

it('folds both cases of a text alike, within and beyond ASCII', () => {
  for (const text of ['Tata Tea', 'ÅNGSTRÖM', 'Ждать', 'ΛΟΓΟΣ']) {
    expect(foldCase(text.toUpperCase())).toBe(foldCase(text.toLowerCase()));
  }
});

it('keeps texts apart that differ by more than case', () => {
  expect(foldCase('strasse')).not.toBe(foldCase('straße'));
  expect(foldCase('resume')).not.toBe(foldCase('résumé'));
});
