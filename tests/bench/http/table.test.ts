import { describe, expect, it } from 'vitest';
import { ratioOf, type Row, scenarioTable } from '../../../bench/http/table.ts';
import { targetTable } from '../../../bench/http/targets.ts';

function row(server: string, speeds: readonly number[], failures = 0): Row {
  const turns = speeds.map((perSecond) => ({ perSecond, p50: 0.5, p99: 2, cpu: 12.34, failures }));
  return { server, label: `The ${server}`, turns };
}

/** The cells of the row of a server. */
function cellsOf(table: string, server: string): string[] {
  const line = table.split('\n').find((text) => text.startsWith(`| The ${server} `)) ?? '';
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

describe('the table of a scenario', () => {
  const bare = row('bare', [1000, 2000, 4000]);
  const other = row('other', [900, 1000, 1000]);

  it('has the median of the rounds, whatever their order', () => {
    const table = scenarioTable([bare, row('other', [5000, 10, 700])]);
    expect(cellsOf(table, 'other').slice(1, 5)).toEqual(['700', '0.5', '2', '12.3']);
  });

  it('compares within each round, for the machine may be slower in the next one', () => {
    expect(ratioOf(other, bare)).toBe(0.5);
    expect(cellsOf(scenarioTable([bare, other]), 'other').at(5)).toBe('0.50');
    expect(cellsOf(scenarioTable([bare, other]), 'bare').at(5)).toBe('1.00');
  });

  it('says what it does not know', () => {
    const [turn] = other.turns;
    if (turn === undefined) throw new Error('There must be a turn.');
    const blind = { ...other, turns: [{ ...turn, cpu: undefined }] };
    expect(cellsOf(scenarioTable([blind]), 'other').slice(4, 6)).toEqual(['–', '–']);
  });

  it('counts wrong answers in all rounds', () => {
    expect(cellsOf(scenarioTable([bare, row('other', [1, 1, 1], 2)]), 'other').at(-1)).toBe('6 wrong');
    expect(cellsOf(scenarioTable([bare]), 'bare').at(-1)).toBe('right');
  });
});

describe('the table of targets', () => {
  const results = (speed: number) =>
    new Map([['hit', [row('bare', [1000]), row('sluice-yoga', [speed]), row('yoga', [100])]]]);

  it('has those whose servers took part', () => {
    expect(targetTable(results(700)).split('\n').slice(2)).toEqual([
      '| hit: The sluice-yoga to The bare | 0.7 x | 0.7 x | yes |',
      '| hit: The sluice-yoga to The yoga | 5 x | 7 x | yes |',
    ]);
  });

  it('says which were not reached', () => {
    expect(targetTable(results(690))).toContain('| 0.7 x | 0.69 x | **no** |');
  });

  it('is empty where none was put to the test', () => {
    expect(targetTable(new Map())).toBe('');
  });
});
