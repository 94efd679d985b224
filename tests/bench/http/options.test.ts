import { describe, expect, it } from 'vitest';
import { contenderOf } from '../../../bench/http/contenders.ts';
import { readOptions } from '../../../bench/http/options.ts';
import { scenarios } from '../../../bench/http/scenarios.ts';

describe('the options of the bench', () => {
  it('are everything by default', () => {
    const options = readOptions([]);
    expect(options).toMatchObject({ rounds: 5, seconds: 5, growth: true, output: 'bench/results.md' });
    expect(options.scenarios).toEqual(scenarios);
  });

  it('choose scenarios and the servers in them', () => {
    const args = [
      '--scenario',
      'flood,hit',
      '--servers',
      'bare,sluice-redis',
      '--rounds',
      '3',
      '--seconds',
      '1',
    ];
    const { scenarios: chosen, growth, rounds, seconds } = readOptions(args);
    expect({ growth, rounds, seconds }).toEqual({ growth: false, rounds: 3, seconds: 1 });
    expect(chosen.map(({ name, servers }) => [name, servers])).toEqual([
      ['hit', ['bare', 'sluice-redis']],
      ['flood', ['bare']],
    ]);
  });

  it('name what there is where something is asked for that there is not', () => {
    expect(() => readOptions(['--scenario', 'hits'])).toThrow(/no hits\. There are hit, /);
    expect(() => readOptions(['--servers', 'bare,nginx'])).toThrow(/no nginx\. There are bare, /);
    expect(() => readOptions(['--rounds', '0'])).toThrow(/--rounds is 0.*1 to 600/);
    expect(() => readOptions(['--round', '1'])).toThrow(/--round/);
  });
});

describe('the scenarios', () => {
  it('are between servers that there are', () => {
    for (const name of scenarios.flatMap(({ servers }) => servers))
      expect(contenderOf(name).label).not.toBe('');
  });

  it('ask for a hundred in a hundred', () => {
    const totals = scenarios.map(({ mix }) => Object.values(mix).reduce((sum, share) => sum + share, 0));
    expect(new Set(totals)).toEqual(new Set([100]));
  });
});
