import { describe, expect, it } from 'vitest';
import { cpuOfTree, parseStat } from '../../../bench/http/cpu.ts';

const rest = 'S 41 42 42 0 -1 4194560 2345 0 12 0 150 25 7 9 20 0 11 0 5000 1 2 3';

describe('the CPU time of a process', () => {
  it('is that of its own user and system time, in milliseconds', () => {
    expect(parseStat(`42 (node) ${rest}`)).toEqual({ parent: 41, cpu: 1750 });
  });

  it('is found behind any name', () => {
    expect(parseStat(`42 (a) S 1 (b) ${rest}`)).toEqual({ parent: 41, cpu: 1750 });
  });

  it('is that of all that descend from it too', () => {
    const times = new Map([
      [1, { parent: 0, cpu: 1000 }],
      [2, { parent: 1, cpu: 10 }],
      [3, { parent: 2, cpu: 20 }],
      [4, { parent: 3, cpu: 30 }],
      [5, { parent: 1, cpu: 500 }],
    ]);
    expect(cpuOfTree(2, times)).toBe(60);
  });

  it('is nothing where there is no such process', () => {
    expect(cpuOfTree(2, new Map())).toBe(0);
  });
});
