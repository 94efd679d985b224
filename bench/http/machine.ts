import { cpus } from 'node:os';

/** What the numbers depend on, in a line. */
export function describeMachine(): string {
  return `${cpus().length} cores of ${cpus()[0]?.model.trim() ?? 'an unknown CPU'}, Node ${process.versions.node}, ${process.platform}`;
}
