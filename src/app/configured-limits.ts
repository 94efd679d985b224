import type { Logger } from 'pino';
import type { Config } from '../config/config.ts';
import type { LimitOverrides } from '../config/limit-overrides.ts';
import { environment } from '../config/variables.ts';
import type { BucketStore, LimiterOptions, Limits } from '../rate-limit/index.ts';
import { blameVariable } from './blame-variable.ts';
import { type LimitHooks, safeHooks } from './limit-hooks.ts';
import { watchLimitsFile } from './limits-file.ts';

/** What the limits that a schema declares are put into effect with. */
export function limiterOptions(
  { limits: { mode, meta, invalidRequests, pages } }: Config,
  { store, log, hooks }: { readonly store: BucketStore; readonly log: Logger; readonly hooks: LimitHooks },
): Omit<LimiterOptions, 'declared'> {
  return {
    store,
    mode,
    metaLimit: meta ?? undefined,
    invalidLimits: invalidRequests,
    pageLimits: pages,
    report({ policy, limit, window, cost }) {
      log.info({ policy: policy.name, limit, window, cost }, 'over a limit that only reports');
    },
    ...safeHooks(hooks, log),
  };
}

/**
 * Changes limits by what is configured, and again whenever the file of them changes. What the file says of a limit
 * counts for more than what the variable says of it. Throws where what is configured at the start cannot work.
 * @returns what ends the watching of the file
 */
export function followOverrides({ limits: configured }: Config, limits: Limits, log: Logger): () => void {
  const apply = (overrides: LimitOverrides): void => {
    const problems = limits.override(overrides);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  };
  const applyFile = (more: LimitOverrides): void => {
    apply(new Map([...configured.overrides, ...more]));
  };
  blameVariable(environment.rateLimits.name, () => {
    apply(configured.overrides);
  });
  const path = configured.overridesFile;
  if (path === undefined) return () => undefined;
  return blameVariable(`${environment.rateLimitsFile.name} (${path})`, () => {
    const file = watchLimitsFile(path, {
      onChange(overrides) {
        applyFile(overrides);
        log.info({ limits: [...overrides.keys()] }, 'the limits file has changed and is in force');
      },
      onProblem: (problem) => {
        log.error(problem);
      },
    });
    try {
      applyFile(file.initial);
    } catch (error) {
      file.close();
      throw error;
    }
    return () => {
      file.close();
    };
  });
}
