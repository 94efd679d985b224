import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../growth.ts');

/** The part of the report that tells how costs grow, from a process of its own. */
export function growthPart(): string {
  const table = execFileSync(process.execPath, [program], { encoding: 'utf8' });
  return `## Growth of costs, in process (\`growth\`)\n\n${table.trimEnd()}`;
}
