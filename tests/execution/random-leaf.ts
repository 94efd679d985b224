import { GraphQLError } from 'graphql';
import type { Dice } from './dice.ts';
import { after } from './later.ts';

/** The code of what the scalar `Odd` complains of. */
export const scalarCode = 'SCALAR';

/** What a resolver returns for a leaf: what it can be serialised from, or, so often in percent, something else. */
export function randomLeaf(name: string, dice: Dice, wildness: number): unknown {
  const right: Readonly<Record<string, readonly unknown[]>> = {
    Int: [1, 0, -5, '12', true, 3.0, { valueOf: () => 4 }],
    Float: [1.5, 0, '1e3', false],
    String: ['text', '', 5, true, { toJSON: () => 'json' }],
    Boolean: [true, false, 1, 0],
    ID: ['id', 12, { valueOf: () => 'v' }],
    Color: ['RED', 'GREEN'],
    Odd: ['plain', { odd: 'object' }, { odd: 'promise' }],
  };
  const wrong = [2 ** 40, NaN, Infinity, 'x', '', Symbol('s'), 10n, {}, [1], () => 1, new Date(NaN)];
  const odd = ['null', 'undefined', 'throw', 'graphql', 'reject'].map((each) => ({ odd: each }));
  if (dice.chance(wildness / 3)) return dice.oneOf<unknown>(name === 'Odd' ? odd : wrong);
  return dice.oneOf(right[name] ?? []);
}

/** How the scalar `Odd` serialises what `randomLeaf` makes for it. */
export function serializeOdd(value: unknown): unknown {
  const kind = typeof value === 'object' && value !== null && 'odd' in value ? value.odd : 'plain';
  if (kind === 'null') return null;
  if (kind === 'undefined') return undefined;
  if (kind === 'throw') throw new Error('serialize');
  if (kind === 'graphql') throw new GraphQLError('serialize', { extensions: { code: scalarCode } });
  if (kind === 'promise') return after(1, 'later');
  if (kind === 'reject')
    return after(1, undefined, () => {
      throw new Error('serialize later');
    });
  return kind === 'object' ? { a: [1, { b: null }] } : value;
}
