import type { SchemaProblem } from '../directives/schema-error.ts';
import type { PlacedPolicy, Policy, StrategyName, TierLimit } from './policy.ts';

/** Seconds: 366 days. */
const longestDuration = 366 * 24 * 60 * 60;

/** A log holds a number for every unit. */
const longestLog = 10_000;
const logFix = `SLIDING_LOG remembers every use, so that ${longestLog} is the most`;

/** Names go into bucket keys and into HTTP header fields. */
const nameForm = /^[A-Za-z0-9_.#/-]{1,100}$/;

/** One value that a policy cannot have: whether it is so, the argument as written, and the fix. */
type Check = readonly [isWrong: boolean, argument: string, fix: string];

/** What a policy's values get wrong by themselves, a sentence each. */
export function checkValues(policy: Policy): string[] {
  const checks = [
    ...checksOfLimit(policy),
    ...checksOfPlace(policy),
    ...policy.tiers.flatMap((tier) => checksOfTier(tier, policy.cost, policy.strategy)),
  ];
  return checks.flatMap(([isWrong, argument, fix]) => (isWrong ? [`@rateLimit(${argument}): ${fix}.`] : []));
}

function checksOfLimit({ limit, duration, cost, strategy }: Policy): readonly Check[] {
  if (limit === null) return [];
  return [
    [
      limit < 1,
      `limit: ${limit}`,
      'a limit is at least 1. To close a field to some callers give their tier the limit 0',
    ],
    [isLongLog(strategy, limit), `limit: ${limit}`, logFix],
    [
      duration < 1 || duration > longestDuration,
      `duration: ${duration}`,
      `a duration is 1 to ${longestDuration} seconds`,
    ],
    [
      cost > limit && limit >= 1,
      `cost: ${cost}`,
      `it is above the limit of ${limit}, so that the field could never be asked for`,
    ],
  ];
}

function checksOfPlace({ name, cost, by, unit, multipliers }: Policy): readonly Check[] {
  return [
    [
      !nameForm.test(name),
      `name: ${JSON.stringify(name)}`,
      'use 1 to 100 of the characters A-Z a-z 0-9 _ . # / -',
    ],
    [
      name.startsWith('sluice.'),
      `name: ${JSON.stringify(name)}`,
      "names that begin with sluice. are the server's own",
    ],
    [cost < 1, `cost: ${cost}`, 'a cost is at least 1. To make a field free use @rateLimitExempt'],
    [
      unit === 'COST' && (cost !== 1 || multipliers.length > 0),
      'unit: COST',
      'the cost is worked out from @cost and @listSize. Leave out cost and multipliers',
    ],
    [by.length === 0, 'by: []', 'name at least one of USER, API_KEY, IP, GLOBAL'],
  ];
}

function checksOfTier({ tier, limit }: TierLimit, cost: number, strategy: StrategyName): readonly Check[] {
  const argument = `tiers: { tier: ${JSON.stringify(tier)}, limit: ${limit ?? 'null'} }`;
  return [
    [tier.trim() === '', 'tiers: { tier: "" }', 'name the tier'],
    [limit !== null && limit < 0, argument, 'use 0 for never or null for unlimited'],
    [
      limit !== null && limit > 0 && limit < cost,
      argument,
      `it is below the cost of ${cost}; use 0 for never`,
    ],
    [limit !== null && isLongLog(strategy, limit), argument, logFix],
  ];
}

function isLongLog(strategy: StrategyName, limit: number): boolean {
  return strategy === 'SLIDING_LOG' && limit > longestLog;
}

/** A bucket is one thing: fields that share its name must agree on it, and one field must not use it twice. */
export function checkSharedNames(placed: readonly PlacedPolicy[]): SchemaProblem[] {
  const first = new Map<string, PlacedPolicy>();
  const seen = new Set<string>();
  return placed.flatMap(({ coordinate, policy }) => {
    const place = `${coordinate} ${policy.name}`;
    const isSecond = seen.has(place);
    seen.add(place);
    const other = first.get(policy.name);
    if (other === undefined) {
      first.set(policy.name, { coordinate, policy });
      return [];
    }
    if (isSecond) {
      return [
        {
          coordinate,
          message: `@rateLimit(name: "${policy.name}") stands here twice. Give each its own name.`,
        },
      ];
    }
    if (essence(other.policy) === essence(policy)) return [];
    const message =
      `@rateLimit(name: "${policy.name}") is ${describe(policy)} here but ${describe(other.policy)} on ` +
      `${other.coordinate}. Fields that share a bucket must declare the same.`;
    return [{ coordinate, message }];
  });
}

/** What makes two policies the same bucket. The cost and what multiplies it may differ by field. */
function essence({ limit, duration, by, strategy, tiers, identityArgs, count, mode, unit }: Policy): string {
  return JSON.stringify([limit, duration, by, strategy, tiers, identityArgs.length, count, mode, unit]);
}

function describe({ limit, duration, strategy, by, tiers, identityArgs, count, mode, unit }: Policy): string {
  const tierLimits = tiers.map((tier) => `${tier.tier} ${tier.limit ?? 'any number'}`);
  return [
    `${limit ?? 'any number'} per ${duration} s`,
    strategy,
    `by ${by.join('/')}`,
    ...(identityArgs.length > 0
      ? [`identityArgs ${identityArgs.map((path) => path.join('.')).join('/')}`]
      : []),
    ...(tiers.length > 0 ? [`tiers ${tierLimits.join('/')}`] : []),
    ...(unit === 'SELECTION' ? [] : [`unit ${unit}`]),
    ...(count === 'ATTEMPT' ? [] : [`count ${count}`]),
    ...(mode === 'ENFORCE' ? [] : [`mode ${mode}`]),
  ].join(', ');
}
