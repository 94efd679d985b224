import type { LoadResult } from './load.ts';

const names = ['requests', 'seconds', 'p50', 'p99', 'failures'] as const;

/**
 * The result that a program of load writes as a line of JSON, among lines of its own.
 * @throws Error where there is none, or where it says that nothing was answered
 */
export function readResult(output: string): LoadResult {
  const line = output.split('\n').find((text) => text.startsWith('{'));
  if (line === undefined) throw new Error(`The load wrote no result. It wrote:\n${output}`);
  const values = JSON.parse(line) as Partial<LoadResult>;
  const missing = names.filter((name) => !Number.isFinite(values[name]));
  if (missing.length > 0) throw new Error(`The load's result has no ${missing.join(', ')}: ${line}`);
  const result = values as LoadResult;
  if (result.requests === 0)
    throw new Error('No request was answered: the server hangs, or refuses everyone.');
  return result;
}
