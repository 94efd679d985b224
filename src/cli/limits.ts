import { limitsInForce } from '../app/index.ts';
import type { Config } from '../config/config.ts';
import { formatLimit } from '../config/limit-notation.ts';
import type { Policy } from '../rate-limit/index.ts';
import { shop } from '../shop/index.ts';

/** Prints the limits in force, a line each: where it stands, its name, its limit, whom it counts by, its tiers. */
export function printLimits(config: Config): void {
  const rows = [...limitsInForce(shop, config)].flatMap(([coordinate, policies]) =>
    policies.map((policy) => [coordinate, policy.name, limitOf(policy), policy.strategy, detailsOf(policy)]),
  );
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}

function limitOf({ limit, duration }: Policy): string {
  return limit === null ? 'unlimited' : formatLimit({ limit, duration });
}

function detailsOf({ by, identityArgs, tiers, count, mode }: Policy): string {
  const args = identityArgs.map((path) => path.join('.'));
  const limits = tiers.map(
    ({ tier, limit, duration }) =>
      `${tier} ${limit === null ? 'unlimited' : formatLimit({ limit, duration })}`,
  );
  return [
    `by ${[...by, ...args].join(', ')}`,
    ...(limits.length > 0 ? [`tiers ${limits.join(', ')}`] : []),
    ...(count === 'ATTEMPT' ? [] : [`counts ${count}`]),
    ...(mode === 'ENFORCE' ? [] : [mode]),
  ].join('; ');
}
