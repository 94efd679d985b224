import { markdownTable } from '../http/table.ts';
import type { Memory } from './probed.ts';

export interface Verdict {
  /** Whether there is no leak. */
  readonly isWithin: boolean;
  /** Markdown. */
  readonly text: string;
}

/** How much more memory may be taken at the end than after the first quarter. */
const mostGrowth = 0.1;

/** Whether memory stays at the level that it has after the first quarter, by what it is after each. */
export function verdictOf(levels: readonly Memory[]): Verdict {
  const rows = levels.map(({ used, rss }, index) => [`${index + 1}`, megabytes(used), megabytes(rss)]);
  const growths = [growthOf(levels, 'used'), growthOf(levels, 'rss')];
  const isWithin = growths.every((growth) => growth <= mostGrowth);
  const percents = growths.map((growth) => `${growth < 0 ? '' : '+'}${(growth * 100).toFixed(1)} %`);
  const last = ['since the first', ...percents];
  const table = markdownTable(['after quarter', 'MiB in use', 'MiB resident'], [...rows, last]);
  return { isWithin, text: `${table}\n\nWithin 10 %: ${isWithin ? 'yes' : '**no**'}` };
}

function growthOf(levels: readonly Memory[], name: keyof Memory): number {
  const [first, last] = [levels[0], levels.at(-1)];
  if (first === undefined || last === undefined) throw new Error('Memory has not been measured.');
  return (last[name] - first[name]) / first[name];
}

function megabytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
