import { randomUUID } from 'node:crypto';
import { openRedis } from '../../../src/connections/redis/connection.ts';
import { type RedisConnection } from '../../../src/connections/redis/index.ts';
import type { AnswerStore } from '../../../src/response-cache/store.ts';
import { openRedisAnswers } from '../../../src/response-cache/stores/redis/index.ts';
import type { Invalidated, SharedAnswers } from '../../../src/response-cache/stores/shared-answers.ts';
import { createTieredStore } from '../../../src/response-cache/stores/tiered/index.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { createLog, type LogLine } from '../../support/log.ts';
import { redisAddress } from '../../support/redis-address.ts';

/** One of the processes that share answers, with connections of its own. */
export interface Process {
  readonly store: AnswerStore;
  readonly shared: SharedAnswers;
  readonly redis: RedisConnection;
  /** What it was told that others have invalidated. */
  readonly heard: Invalidated[];
  readonly lines: readonly LogLine[];
  /** Resolves when it gives copies. */
  current(): Promise<void>;
  close(): void;
}

export interface ProcessOptions {
  readonly port: number;
  readonly prefix: string;
  readonly clock: FakeClock;
  readonly timeoutMs?: number;
  readonly patienceMs?: number;
  /** A name and a password, with a colon in between. */
  readonly user?: string;
  readonly database?: number;
}

/** Of how many bytes answers may be, as they are made. */
export const largestBytes = 4 * 1024 * 1024;

export const makePrefix = (): string => `test-${randomUUID().slice(0, 8)}`;

export async function openProcess({
  port,
  prefix,
  clock,
  timeoutMs = 1000,
  patienceMs = 50,
  user,
  database = 0,
}: ProcessOptions): Promise<Process> {
  const { log, lines } = createLog();
  const redis = await openRedis({
    address: redisAddress(`redis://${user === undefined ? '' : `${user}@`}127.0.0.1:${port}/${database}`),
    timeoutMs,
    prefix,
    log,
  });
  const heard: Invalidated[] = [];
  const opened: SharedAnswers[] = [];
  const store = createTieredStore({
    clock,
    maxBytes: 10_000_000,
    open: (onInvalidate) => {
      const shared = openRedisAnswers({
        redis,
        prefix,
        clock,
        patienceMs,
        largestBytes,
        log,
        onInvalidate: (invalidated) => {
          heard.push(invalidated);
          onInvalidate(invalidated);
        },
      });
      opened.push(shared);
      return shared;
    },
  });
  const [shared] = opened;
  if (shared === undefined) throw new Error('The tier has opened nothing.');
  return {
    store,
    shared,
    redis,
    heard,
    lines,
    current: () => until(() => shared.isCurrent() && shared.sequence !== undefined),
    close() {
      store.close();
      redis.close();
    },
  };
}

/** Resolves as soon as something is so. */
export async function until(isSo: () => boolean, withinMs = 5000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > deadline)
      throw new Error(`It is not so within ${withinMs} ms: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
