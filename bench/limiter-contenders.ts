import { parse } from 'graphql';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { systemClock } from '../src/clock.ts';
import { declareSchema } from '../src/declared-schema.ts';
import { createPrepare } from '../src/operation/prepare.ts';
import { Admission, createMemoryStore } from '../src/rate-limit/index.ts';
import { createAnswers } from '../src/response-cache/index.ts';

/** Something that limits operations which ask for one field under several aliases. */
export interface Contender {
  /**
   * Runs so many operations, one after the other.
   * @param isRotating whether each comes from an address of its own
   * @returns how many were allowed as a whole
   */
  run(times: number, isRotating: boolean): Promise<number>;
  /** Ends what would keep the process or memory busy. */
  dispose(): void;
}

/** Seconds: longer than a run takes. */
const duration = 3600;

function addressOf(n: number): string {
  return `203.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
}

/** The limiter of this project, in memory. */
export function openOurs(selections: number, limit: number): Contender {
  const store = createMemoryStore({ clock: systemClock });
  const typeDefs = `type Query { products: [Int] @rateLimit(limit: ${limit}, duration: ${duration}) }`;
  const declared = declareSchema(
    typeDefs,
    {},
    { answers: createAnswers(systemClock), store, report: () => undefined },
  );
  const aliases = Array.from({ length: selections }, (_, n) => `a${n}: products`).join(' ');
  const operation = createPrepare(declared.schema, declared.planner)(parse(`{ ${aliases} }`), undefined);
  const { limiter } = declared;

  return {
    run(times, isRotating) {
      let allowed = 0;
      for (let n = 0; n < times; n += 1) {
        const caller = { ip: addressOf(isRotating ? n : 0), tiers: ['ANONYMOUS'] };
        const plan = operation?.plan.selections({});
        const admission = plan && limiter.admit({ plan, variables: {}, caller });
        if (!(admission instanceof Admission))
          throw new Error('Admission in memory has nothing to wait for.');
        if (!admission.isDenied) allowed += 1;
      }
      return Promise.resolve(allowed);
    },
    dispose: () => undefined,
  };
}

/** The memory limiter of rate-limiter-flexible. */
export function openTheirs(selections: number, limit: number): Contender {
  const limiter = new RateLimiterMemory({ points: limit, duration });
  const keys = new Set<string>();
  const consume = async (key: string): Promise<boolean> => {
    try {
      await limiter.consume(key);
      return true;
    } catch {
      return false;
    }
  };

  return {
    async run(times, isRotating) {
      let allowed = 0;
      for (let n = 0; n < times; n += 1) {
        const key = `Query.products:${addressOf(isRotating ? n : 0)}`;
        const all = await Promise.all(Array.from({ length: selections }, () => consume(key)));
        if (all.every(Boolean)) allowed += 1;
      }
      return allowed;
    },
    dispose() {
      // It has a timer for every bucket.
      for (const key of keys) void limiter.delete(key);
    },
  };
}
