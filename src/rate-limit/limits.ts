import type { DeclaredLimits } from './compile-policies.ts';
import { type Policy, type PolicyTable, wholeOperation, type WindowLimit } from './policy.ts';
import { checkValues } from './policy-checks.ts';

/** New limits by the names of policies; null: none. */
export type Overrides = ReadonlyMap<string, readonly WindowLimit[] | null>;

/** The limits in force: those that the schema declares, as far as the configuration does not change them. */
export class Limits {
  readonly declared: DeclaredLimits;
  #inForce: PolicyTable;
  readonly #someAreFree: boolean;
  readonly #someCountCost: boolean;

  constructor(declared: DeclaredLimits) {
    this.declared = declared;
    this.#inForce = declared.table;
    const policies = [...declared.table.values()].flat();
    this.#someAreFree = policies.some(({ onCacheHit }) => onCacheHit === 'FREE');
    this.#someCountCost = policies.some(({ unit }) => unit === 'COST');
  }

  get inForce(): PolicyTable {
    return this.#inForce;
  }

  of(coordinate: string): readonly Policy[] {
    return this.#inForce.get(coordinate) ?? [];
  }

  /** Those of whole operations. */
  get ofOperation(): readonly Policy[] {
    return this.of(wholeOperation);
  }

  /** Whether any limit counts what operations cost. */
  get someCountCost(): boolean {
    return this.#someCountCost;
  }

  /** Whether any limit does not count answers from the cache. */
  get someAreFree(): boolean {
    return this.#someAreFree;
  }

  /**
   * Changes limits by the names of their policies; those that are not named go back to what the schema says. Takes
   * effect at once and as a whole, or, where anything cannot work, not at all.
   * @returns what cannot work, a sentence each
   */
  override(overrides: Overrides): string[] {
    const declared = [...this.declared.table.values()].flat();
    const problems = [...overrides].flatMap(([name, limits]) => {
      const changed = declared.filter((policy) => policy.name === name);
      if (changed.length === 0) return [unknownName(name, declared)];
      return changed.flatMap((policy) => problemsOf(changedBy(policy, limits)));
    });
    if (problems.length > 0) return [...new Set(problems)];
    this.#inForce = new Map(
      [...this.declared.table].map(([coordinate, policies]) => [
        coordinate,
        policies.flatMap((policy) => {
          const limits = overrides.get(policy.name);
          return limits === undefined ? [policy] : changedBy(policy, limits);
        }),
      ]),
    );
    return [];
  }
}

/**
 * The policy with other limits: one policy for each. Tiers keep the limits and windows that the schema gives them, in
 * the first one; the others count only callers without a tier of their own, and keep out those who may never pass.
 */
function changedBy(policy: Policy, limits: readonly WindowLimit[] | null): Policy[] {
  const [first, ...others] = limits ?? [{ limit: null, duration: policy.duration }];
  const never = policy.tiers.map((tier) => (tier.limit === 0 ? tier : { ...tier, limit: null }));
  return [
    { ...policy, ...first },
    // A plus sign cannot be in a name that a schema gives, so that nobody else has this bucket.
    ...others.map((limit, index) => ({
      ...policy,
      ...limit,
      name: `${policy.name}+${index + 2}`,
      tiers: never,
    })),
  ];
}

/** What a change gets wrong. That a limit of 0 closes a field is why one would set it. */
function problemsOf(policies: readonly Policy[]): string[] {
  return policies.flatMap(({ name, ...policy }) =>
    policy.limit === 0
      ? []
      : checkValues({ ...policy, name: 'changed' }).map(
          (problem) => `"${name}": ${problem.replace(/^@rateLimit\((.*?)\): /, '$1: ')}`,
        ),
  );
}

function unknownName(name: string, policies: readonly Policy[]): string {
  const names = [...new Set(policies.map((policy) => policy.name))].toSorted();
  return `"${name}" is not the name of a limit. There are ${names.join(', ') || 'none'}.`;
}

/** The same limits, of which none denies anything. */
export function onlyReporting({ table, exempt }: DeclaredLimits): DeclaredLimits {
  const reporting = [...table].map(([coordinate, policies]) => {
    return [coordinate, policies.map((policy) => ({ ...policy, mode: 'REPORT' as const }))] as const;
  });
  return { table: new Map(reporting), exempt };
}
