import { median } from '../measure.ts';
import type { Turn } from './turn.ts';

/** What a server reached in a scenario, in all of its turns. */
export interface Row {
  /** The name of the server. */
  readonly server: string;
  readonly label: string;
  /** In the order of the rounds. */
  readonly turns: readonly Turn[];
}

const columns = ['server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms per 1,000', 'of bare', 'answers'];

/** The rows as a Markdown table: medians over the rounds. */
export function scenarioTable(rows: readonly Row[]): string {
  const bare = rows.find(({ server }) => server === 'bare');
  return markdownTable(
    columns,
    rows.map((row) => cells(row, bare)),
  );
}

/**
 * How many times as many requests a second the first one answered as the second: the median over the rounds, each of
 * which has both side by side.
 */
export function ratioOf(row: Row, to: Row): number {
  const ratios = row.turns.map(({ perSecond }, round) => perSecond / (to.turns[round]?.perSecond ?? NaN));
  return median(ratios);
}

/** A Markdown table whose first column holds names and whose other ones numbers. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** A number with as many digits as can be believed. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: Math.abs(value) < 1000 ? 3 : 4 });
}

function cells(row: Row, bare: Row | undefined): string[] {
  const { label, turns } = row;
  const medianOf = (measured: (turn: Turn) => number): string => formatNumber(median(turns.map(measured)));
  const tellsCpu = turns.every(({ cpu }) => cpu !== undefined);
  return [
    label,
    medianOf(({ perSecond }) => perSecond),
    medianOf(({ p50 }) => p50),
    medianOf(({ p99 }) => p99),
    tellsCpu ? medianOf(({ cpu }) => cpu ?? NaN) : '–',
    bare === undefined ? '–' : ratioOf(row, bare).toFixed(2),
    tellOfFailures(turns),
  ];
}

function tellOfFailures(turns: readonly Turn[]): string {
  const failures = turns.reduce((sum, turn) => sum + turn.failures, 0);
  return failures === 0 ? 'right' : `${formatNumber(failures)} wrong`;
}
