import { availableParallelism, cpus } from 'node:os';

/** What the numbers depend on, in a line. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() ?? 'an unknown CPU';
  return `${availableParallelism()} cores of ${model}, Node ${process.versions.node}, ${process.platform}`;
}
