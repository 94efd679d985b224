import { type GraphQLNamedType, type GraphQLSchema, isAbstractType, isObjectType } from 'graphql';
import type { Decisions } from '../rate-limit/plan/random.ts';
import { Dice } from './dice.ts';
import { after } from './later.ts';
import type { MadeObjects } from './made-objects.ts';
import type { Run } from './run.ts';
import { tellInfo } from './told-info.ts';

/** Has a type say of which type values are, at once or later, and sometimes wrongly. */
export function addTypeTests(
  decide: Decisions,
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  made: MadeObjects,
  wildness: number,
): void {
  const style = decide.oneOf(['none', 'none', 'sync', 'async', 'mixed']);
  if (style === 'none' || ['Query', 'Mutation'].includes(type.name)) return;
  const answer = (answered: unknown, dice: Dice): unknown => {
    const isLater = style === 'async' || (style === 'mixed' && dice.chance(50));
    return isLater ? after(dice.below(3), answered) : answered;
  };
  const diceFor = (value: unknown): Dice => {
    const dice = new Dice(`${made.keyOf(value)} is ${type.name}`);
    if (dice.chance(wildness / 4)) throw new Error(`It cannot be said whether it is ${type.name}.`);
    return dice;
  };

  if (isObjectType(type)) {
    type.isTypeOf = (value: unknown, { log }: Run, info) => {
      log.push(['isTypeOf', type.name, ...tellInfo(info)]);
      return answer(made.typeOf(value) === type.name, diceFor(value)) as boolean;
    };
  }
  if (isAbstractType(type)) {
    const wrong = [
      undefined,
      null,
      'Nothing',
      'Color',
      'N',
      'Query',
      'C',
      7,
      { a: 1 },
      schema.getQueryType(),
    ];
    type.resolveType = (value: unknown, { log }: Run, info, abstract) => {
      log.push(['resolveType', abstract.name, ...tellInfo(info)]);
      const dice = diceFor(value);
      return answer(dice.chance(wildness / 2) ? dice.oneOf(wrong) : made.typeOf(value), dice) as string;
    };
  }
}
