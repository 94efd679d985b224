import { formatNumber, markdownTable, ratioOf, type Row } from './table.ts';

/** That a server answers at least so many times as many requests a second as another one in the same scenario. */
interface Target {
  readonly scenario: string;
  readonly server: string;
  readonly against: string;
  readonly atLeast: number;
}

const hit = { scenario: 'hit', server: 'sluice-yoga' };
const flood = { scenario: 'flood', server: 'sluice-yoga' };
const products = { scenario: 'products', server: 'sluice-yoga' };

const targets: readonly Target[] = [
  { ...hit, against: 'bare', atLeast: 0.7 },
  { ...hit, against: 'mercurius', atLeast: 1.2 },
  { ...hit, against: 'mercurius-array', atLeast: 1.2 },
  { ...hit, against: 'apollo', atLeast: 2.5 },
  { ...hit, against: 'yoga', atLeast: 5 },
  { ...hit, against: 'flask', atLeast: 12 },
  { ...hit, server: 'sluice-redis', against: 'sluice-yoga', atLeast: 0.4 },
  // `users` alone is a copy in the process, for which Redis is not asked.
  { ...hit, scenario: 'limited-hit', server: 'sluice-redis', against: 'sluice-yoga', atLeast: 0.4 },
  { ...flood, against: 'bare', atLeast: 0.7 },
  { ...flood, against: 'yoga', atLeast: 12 },
  { ...products, against: 'mercurius', atLeast: 1 },
  { ...products, against: 'yoga', atLeast: 3.5 },
  // The limiter may cost 5 % of what an operation costs that is executed.
  { ...products, against: 'sluice-unlimited', atLeast: 0.95 },
];

/** Which targets were reached, as a Markdown table, empty where none was put to the test. Those whose servers did not take part are left out. */
export function targetTable(results: ReadonlyMap<string, readonly Row[]>): string {
  const rows = targets.flatMap((target) => {
    const row = find(results, target.scenario, target.server);
    const other = find(results, target.scenario, target.against);
    return row === undefined || other === undefined ? [] : [verdictOf(target, row, other)];
  });
  return rows.length === 0 ? '' : markdownTable(['target', 'at least', 'measured', 'reached'], rows);
}

function verdictOf({ scenario, atLeast }: Target, row: Row, other: Row): string[] {
  const ratio = ratioOf(row, other);
  const what = `${scenario}: ${row.label} to ${other.label}`;
  return [what, `${atLeast} x`, `${formatNumber(ratio)} x`, ratio >= atLeast ? 'yes' : '**no**'];
}

function find(
  results: ReadonlyMap<string, readonly Row[]>,
  scenario: string,
  server: string,
): Row | undefined {
  return results.get(scenario)?.find((row) => row.server === server);
}
